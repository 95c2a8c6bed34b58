-- Whom a round visits, and at which house; and why others are not visited any more. Of one
-- connection, emptied with each transaction.
CREATE TEMP TABLE IF NOT EXISTS drawn (
    person_id bigint NOT NULL,
    basis smallint NOT NULL,            -- 1 home, 2 stay, 3 lodging
    address_id bigint,
    household text COLLATE "C" NOT NULL,
    neighbourhood_code text COLLATE "C" NOT NULL,
    neighbourhood text NOT NULL,
    ward_before text COLLATE "C" NOT NULL,  -- the unit that the address names, where it has ended
    ward_day date,
    street text NOT NULL,
    house text NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS leaving (
    person_id bigint NOT NULL,
    cause smallint                      -- 1 not living, 2 elsewhere, 3 otherwise
) ON COMMIT DELETE ROWS;
