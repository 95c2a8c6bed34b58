"""What the database itself protects, and how the tables lie on disk."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE population_statement_id_seq AS bigint OWNED BY population_statement.id;
ALTER TABLE population_statement ALTER COLUMN id SET DEFAULT nextval('population_statement_id_seq');

-- Golden rows and cards are rewritten in place: leave room on their pages.
ALTER TABLE population_golden SET (fillfactor = 85);
ALTER TABLE population_person SET (fillfactor = 92);
ALTER TABLE population_golden SET (toast_tuple_target = 4080);
ALTER TABLE population_statement SET (toast_tuple_target = 4080);

CREATE FUNCTION population_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER statement_is_append_only BEFORE UPDATE OR DELETE ON population_statement
    FOR EACH ROW EXECUTE FUNCTION population_refuse_change();
CREATE TRIGGER annulment_is_append_only BEFORE UPDATE OR DELETE ON population_annulment
    FOR EACH ROW EXECUTE FUNCTION population_refuse_change();

-- A number is never taken back, given to somebody else, or made valid again.
CREATE TRIGGER pid_is_never_deleted BEFORE DELETE ON population_pid
    FOR EACH ROW EXECUTE FUNCTION population_refuse_change();
CREATE TRIGGER pid_is_never_changed BEFORE UPDATE OF pid ON population_pid
    FOR EACH ROW WHEN (OLD.pid <> NEW.pid) EXECUTE FUNCTION population_refuse_change();
CREATE TRIGGER pid_stays_cancelled BEFORE UPDATE OF cancelled_on ON population_pid
    FOR EACH ROW WHEN (OLD.cancelled_on IS NOT NULL AND NEW.cancelled_on IS NULL)
    EXECUTE FUNCTION population_refuse_change();

-- Every key here is compared byte by byte, so the pattern indexes that come with text keys repeat them.
DO $$
DECLARE doubled record;
BEGIN
    FOR doubled IN
        SELECT indexname FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename LIKE 'population\\_%' AND indexname LIKE '%\\_like'
    LOOP
        EXECUTE format('DROP INDEX %I', doubled.indexname);
    END LOOP;
END $$;
"""

BACKWARD = """
DROP TRIGGER statement_is_append_only ON population_statement;
DROP TRIGGER annulment_is_append_only ON population_annulment;
DROP TRIGGER pid_is_never_deleted ON population_pid;
DROP TRIGGER pid_is_never_changed ON population_pid;
DROP TRIGGER pid_stays_cancelled ON population_pid;
DROP FUNCTION population_refuse_change();
ALTER TABLE population_statement ALTER COLUMN id DROP DEFAULT;
DROP SEQUENCE population_statement_id_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("population", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
