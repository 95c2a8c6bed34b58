"""Golden rows that name a statement instead of repeating it."""

import json
from collections.abc import Callable
from typing import Any

from django.db import migrations, models

from dancu.population import dictionary

#: A new table, because dropped columns would widen the head of every row.
FORWARD = """
CREATE TABLE population_golden_new (
    person_id bigint NOT NULL,
    statement_id bigint,
    valid_from date,
    facet smallint NOT NULL,
    source_id smallint,
    held smallint NOT NULL,
    overrides jsonb,
    disputed smallint[]
) WITH (fillfactor = 90, toast_tuple_target = 4080);
WITH said AS (
    SELECT g.person_id, g.facet, f.key, f.value,
           coalesce(g.origins -> f.key, jsonb_build_array(
               g.statement_id, g.source_id, g.valid_from - date '1800-01-01')) AS origin
    FROM population_golden g
    CROSS JOIN LATERAL jsonb_each(g.facts) f
), based AS (
    -- A statement is a base when every claim that it makes in the facet is held or overridden.
    SELECT g.person_id, g.facet, NOT EXISTS (
        SELECT FROM jsonb_object_keys(s.claims) k
        WHERE NOT g.facts ? k AND (%s::jsonb ->> k)::smallint = g.facet) AS stands
    FROM population_golden g
    JOIN population_statement s ON s.person_id = g.person_id AND s.id = g.statement_id
)
INSERT INTO population_golden_new
SELECT g.person_id,
       CASE WHEN b.stands THEN g.statement_id END,
       CASE WHEN b.stands THEN g.valid_from END,
       g.facet,
       CASE WHEN b.stands THEN g.source_id END,
       (SELECT count(*) FROM jsonb_object_keys(g.facts)),
       (SELECT jsonb_object_agg(s.key, jsonb_build_array(s.value) || s.origin)
        FROM said s
        WHERE s.person_id = g.person_id AND s.facet = g.facet
          AND NOT (coalesce(b.stands, false) AND (s.origin ->> 0)::bigint = g.statement_id)),
       g.disputed
FROM population_golden g LEFT JOIN based b USING (person_id, facet)
ORDER BY g.person_id, g.facet;
DROP TABLE population_golden;
ALTER TABLE population_golden_new RENAME TO population_golden;
ALTER TABLE population_golden
    ADD CONSTRAINT population_golden_pkey PRIMARY KEY (person_id, facet);
"""

BACKWARD = """
CREATE TABLE population_golden_old (
    person_id bigint NOT NULL,
    statement_id bigint NOT NULL,
    valid_from date NOT NULL,
    facet smallint NOT NULL,
    source_id smallint NOT NULL,
    facts jsonb NOT NULL,
    origins jsonb,
    disputed smallint[]
) WITH (fillfactor = 85, toast_tuple_target = 4080);
WITH said AS (
    SELECT g.person_id, g.facet, f.key, f.value,
           jsonb_build_array(g.statement_id, g.source_id, g.valid_from - date '1800-01-01') AS origin
    FROM population_golden g
    JOIN population_statement s ON s.person_id = g.person_id AND s.id = g.statement_id
    CROSS JOIN LATERAL jsonb_each(s.claims) f
    WHERE (%s::jsonb ->> f.key)::smallint = g.facet AND coalesce(NOT g.overrides ? f.key, true)
    UNION ALL
    SELECT g.person_id, g.facet, o.key, o.value -> 0, o.value - 0
    FROM population_golden g CROSS JOIN LATERAL jsonb_each(g.overrides) o
), whole AS (
    SELECT person_id, facet, jsonb_object_agg(key, value) AS facts,
           jsonb_object_agg(key, origin) AS origins
    FROM said GROUP BY 1, 2
)
INSERT INTO population_golden_old
SELECT g.person_id, coalesce(g.statement_id, 0), coalesce(g.valid_from, '1800-01-01'), g.facet,
       coalesce(g.source_id, 0), coalesce(w.facts, '{}'), w.origins, g.disputed
FROM population_golden g LEFT JOIN whole w USING (person_id, facet);
DROP TABLE population_golden;
ALTER TABLE population_golden_old RENAME TO population_golden;
ALTER TABLE population_golden
    ADD CONSTRAINT population_golden_pkey PRIMARY KEY (person_id, facet);
"""


def _rewrite(text: str) -> Callable[[Any, Any], None]:
    def run(_apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(text, [json.dumps(dictionary.facet_of())])

    return run


class Migration(migrations.Migration):
    dependencies = [("population", "0003_work_lists")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(_rewrite(FORWARD), _rewrite(BACKWARD))],
            state_operations=[
                migrations.RemoveField("golden", "facts"),
                migrations.RemoveField("golden", "origins"),
                migrations.AlterField(
                    "golden", "statement_id", models.BigIntegerField(null=True)
                ),
                migrations.AlterField("golden", "valid_from", models.DateField(null=True)),
                migrations.AlterField("golden", "source_id", models.SmallIntegerField(null=True)),
                migrations.AddField("golden", "held", models.SmallIntegerField(default=0)),
                migrations.AddField("golden", "overrides", models.JSONField(null=True)),
            ],
        )
    ]
