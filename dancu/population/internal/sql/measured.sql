-- Who breaks which rule, and the issues that are over: of one connection, emptied with each
-- transaction.
CREATE TEMP TABLE IF NOT EXISTS measured (
    person_id bigint NOT NULL,
    rule smallint NOT NULL,
    commune text COLLATE "C"
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS closing (
    subject bigint NOT NULL,
    rule smallint NOT NULL,
    unit integer NOT NULL,
    opened_on date NOT NULL,
    since bigint NOT NULL,              -- statements up to this were known when it was opened
    since_annulment bigint NOT NULL,
    statement bigint,
    is_withdrawn boolean NOT NULL DEFAULT false,
    is_gone boolean NOT NULL DEFAULT false
) ON COMMIT DELETE ROWS;
