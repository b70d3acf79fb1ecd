"""Reviews, their votes and reports, and what they add up to for each product."""

from app.infra.statements import migration

ID = "2026-11-28T05:56:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "reviews"

STATEMENTS = """
CREATE TABLE review (
    id BIGSERIAL PRIMARY KEY,
    product BIGINT NOT NULL REFERENCES product,
    account BIGINT REFERENCES account ON DELETE SET NULL,
    visitor BYTEA,
    name VARCHAR(60) NOT NULL DEFAULT '',
    choice VARCHAR(200) NOT NULL DEFAULT '',
    stars SMALLINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
    title VARCHAR(100) NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '' CHECK (length(text) <= 4000),
    state VARCHAR(9) NOT NULL CHECK (state IN ('waiting', 'shown', 'rejected', 'withdrawn')),
    reason VARCHAR(1000) NOT NULL DEFAULT '',
    version INTEGER NOT NULL DEFAULT 1,
    helpful INTEGER NOT NULL DEFAULT 0 CHECK (helpful >= 0),
    written_at TIMESTAMPTZ NOT NULL,
    edited_at TIMESTAMPTZ,
    CONSTRAINT one_author_at_most CHECK (num_nonnulls(account, visitor) <= 1)
);
CREATE UNIQUE INDEX review_of_account ON review (product, account) WHERE account IS NOT NULL;
CREATE UNIQUE INDEX review_of_visitor ON review (product, visitor) WHERE visitor IS NOT NULL;
CREATE INDEX review_account ON review (account);
CREATE INDEX review_visitor ON review (visitor);
CREATE INDEX review_helpful ON review (product, ((text <> '')::int) DESC, helpful DESC, written_at DESC, id DESC)
    WHERE state = 'shown';
CREATE INDEX review_newest ON review (product, written_at DESC, id DESC) WHERE state = 'shown';
CREATE INDEX review_waiting ON review (id) WHERE state = 'waiting';

CREATE TABLE review_move (
    id BIGSERIAL PRIMARY KEY,
    review BIGINT NOT NULL REFERENCES review ON DELETE CASCADE,
    from_state VARCHAR(9),
    to_state VARCHAR(9) NOT NULL,
    actor VARCHAR(8) NOT NULL CHECK (actor IN ('author', 'operator', 'order')),
    account BIGINT REFERENCES account ON DELETE SET NULL,
    reason VARCHAR(1000) NOT NULL DEFAULT '',
    stars SMALLINT NOT NULL,
    title VARCHAR(100) NOT NULL,
    text TEXT NOT NULL,
    moved_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX review_move_review ON review_move (review, id);

CREATE TABLE review_vote (
    id BIGSERIAL PRIMARY KEY,
    review BIGINT NOT NULL REFERENCES review ON DELETE CASCADE,
    account BIGINT REFERENCES account ON DELETE CASCADE,
    visitor BYTEA,
    voted_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT one_voter CHECK (num_nonnulls(account, visitor) = 1)
);
CREATE UNIQUE INDEX review_vote_of_account ON review_vote (review, account) WHERE account IS NOT NULL;
CREATE UNIQUE INDEX review_vote_of_visitor ON review_vote (review, visitor) WHERE visitor IS NOT NULL;
CREATE INDEX review_vote_account ON review_vote (account);
CREATE INDEX review_vote_visitor ON review_vote (visitor);

CREATE TABLE review_report (
    id BIGSERIAL PRIMARY KEY,
    review BIGINT NOT NULL REFERENCES review ON DELETE CASCADE,
    account BIGINT REFERENCES account ON DELETE CASCADE,
    visitor BYTEA,
    kind VARCHAR(10) NOT NULL CHECK (kind IN ('offensive', 'personal', 'advert', 'untrue', 'other')),
    note VARCHAR(500) NOT NULL DEFAULT '',
    reported_at TIMESTAMPTZ NOT NULL,
    settled_at TIMESTAMPTZ,
    CONSTRAINT one_reporter CHECK (num_nonnulls(account, visitor) = 1)
);
CREATE UNIQUE INDEX review_report_of_account ON review_report (review, account) WHERE account IS NOT NULL;
CREATE UNIQUE INDEX review_report_of_visitor ON review_report (review, visitor) WHERE visitor IS NOT NULL;
CREATE INDEX review_report_open ON review_report (review) WHERE settled_at IS NULL;

CREATE TABLE product_rating (
    product BIGINT PRIMARY KEY REFERENCES product ON DELETE CASCADE,
    ones INTEGER NOT NULL DEFAULT 0 CHECK (ones >= 0),
    twos INTEGER NOT NULL DEFAULT 0 CHECK (twos >= 0),
    threes INTEGER NOT NULL DEFAULT 0 CHECK (threes >= 0),
    fours INTEGER NOT NULL DEFAULT 0 CHECK (fours >= 0),
    fives INTEGER NOT NULL DEFAULT 0 CHECK (fives >= 0),
    reviews INTEGER GENERATED ALWAYS AS (ones + twos + threes + fours + fives) STORED,
    stars INTEGER GENERATED ALWAYS AS (ones + 2 * twos + 3 * threes + 4 * fours + 5 * fives) STORED
);

-- What is added up is added up by the database, in the transaction of its cause: whoever changes a review or a vote, however many at once.
CREATE FUNCTION count_stars(of_product BIGINT, given SMALLINT, more INTEGER) RETURNS void LANGUAGE sql AS $$
    INSERT INTO product_rating AS sums (product, ones, twos, threes, fours, fives)
    VALUES (of_product, (given = 1)::int * greatest(more, 0), (given = 2)::int * greatest(more, 0),
            (given = 3)::int * greatest(more, 0), (given = 4)::int * greatest(more, 0),
            (given = 5)::int * greatest(more, 0))
    ON CONFLICT (product) DO UPDATE SET
        ones = sums.ones + (given = 1)::int * more, twos = sums.twos + (given = 2)::int * more,
        threes = sums.threes + (given = 3)::int * more, fours = sums.fours + (given = 4)::int * more,
        fives = sums.fives + (given = 5)::int * more;
$$;
CREATE FUNCTION review_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'shown' THEN PERFORM count_stars(OLD.product, OLD.stars, -1); END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'shown' THEN PERFORM count_stars(NEW.product, NEW.stars, 1); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER counts AFTER INSERT OR DELETE OR UPDATE OF product, state, stars ON review
    FOR EACH ROW EXECUTE FUNCTION review_counts();
CREATE FUNCTION vote_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN UPDATE review SET helpful = helpful + 1 WHERE id = NEW.review;
    ELSE UPDATE review SET helpful = helpful - 1 WHERE id = OLD.review; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER counts AFTER INSERT OR DELETE ON review_vote FOR EACH ROW EXECUTE FUNCTION vote_counts();
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
