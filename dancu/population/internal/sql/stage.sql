-- The tables through which every claim enters. They belong to one transaction.
CREATE TEMP TABLE IF NOT EXISTS incoming (
    n bigint NOT NULL,                -- row of the batch
    pid text COLLATE "C",             -- whom the row is about
    person_id bigint,                 -- the same, where the caller knows the register's own key
    is_new boolean NOT NULL,          -- a person's first record
    day date NOT NULL,
    evidence_kind smallint NOT NULL,
    facet smallint NOT NULL,          -- the facet of most claims
    others text[],                    -- keys of the claims in other facets: see incoming_piece
    event_id bigint,
    evidence text NOT NULL,
    claims jsonb NOT NULL,
    facets smallint[],                -- of a first record that is not weighed: its facets,
    held smallint[]                   -- and how many claims are in each
) ON COMMIT DELETE ROWS;
-- What is to be weighed in facets that are not the one of most claims.
CREATE TEMP TABLE IF NOT EXISTS incoming_piece (
    n bigint NOT NULL,
    facet smallint NOT NULL,
    claims jsonb NOT NULL
) ON COMMIT DELETE ROWS;
-- Rows whose person is known, with the statement's number; one statement each.
CREATE TEMP TABLE IF NOT EXISTS entering (
    n bigint NOT NULL,
    person_id bigint NOT NULL,
    statement_id bigint NOT NULL,
    is_new boolean NOT NULL,
    day date NOT NULL,
    evidence_kind smallint NOT NULL,
    facet smallint NOT NULL,
    others text[],
    gives_pid text COLLATE "C",       -- a number that nobody has yet
    event_id bigint,
    evidence text NOT NULL,
    claims jsonb NOT NULL,
    facets smallint[],
    held smallint[]
) ON COMMIT DELETE ROWS;
-- Statements cut by facet. Those about the same person and facet take turns: round 1, 2, ….
CREATE TEMP TABLE IF NOT EXISTS piece (
    person_id bigint NOT NULL,
    statement_id bigint NOT NULL,
    day date NOT NULL,
    facet smallint NOT NULL,
    round integer NOT NULL,
    claims jsonb NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS refused (
    n bigint NOT NULL,
    field text NOT NULL,
    code text NOT NULL
) ON COMMIT DELETE ROWS;
