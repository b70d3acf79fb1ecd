"""A shopper's orders are found by their words, and listed by state and time from one index."""

from app.infra.statements import migration

ID = "2026-11-28T06:28:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "words of orders"

# Every word begins with the owner, so that the index holds an owner's words side by side and never meets another's.
STATEMENTS = """
CREATE FUNCTION order_owner(account BIGINT, visitor BYTEA) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce('@a' || account, '@v' || encode(visitor, 'hex'), '@')
$$;
CREATE FUNCTION folded_words(said TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT left(word, 40)), '{}') FROM regexp_split_to_table(
        translate(lower(said), 'áàâãäåéèêëíìîïóòôõöúùûüçñ', 'aaaaaaeeeeiiiiooooouuuucn'), '[^[:alnum:]]+') AS word
    WHERE word <> ''
$$;
CREATE FUNCTION order_words(account BIGINT, visitor BYTEA, said TEXT) RETURNS TSVECTOR LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_to_tsvector(array_agg(order_owner(account, visitor) || ' ' || word)), '')
    FROM unnest(folded_words(said)) word
$$;
CREATE FUNCTION order_query(account BIGINT, visitor BYTEA, asked TEXT) RETURNS TSQUERY LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg(quote_literal(order_owner(account, visitor) || ' ' || word) || ':*', ' & '), '')::tsquery
    FROM unnest(folded_words(asked)) word
$$;
ALTER TABLE shop_order ADD COLUMN words TSVECTOR;
UPDATE shop_order o SET words = order_words(o.account, o.visitor, o.number || ' ' || coalesce(
    (SELECT string_agg(l.name || ' ' || l.note, ' ') FROM parcel p JOIN order_line l ON l.parcel = p.id WHERE p."order" = o.id), ''));
ALTER TABLE shop_order ALTER COLUMN words SET NOT NULL;
CREATE INDEX shop_order_words ON shop_order USING gin (words) WITH (fastupdate = off);
CREATE INDEX shop_order_of_account ON shop_order (account, state, placed_at DESC, id DESC) WHERE account IS NOT NULL;
CREATE INDEX shop_order_of_visitor ON shop_order (visitor, state, placed_at DESC, id DESC) WHERE account IS NULL;
DROP INDEX shop_order_guest;
CREATE FUNCTION follow_order_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := (SELECT coalesce(array_to_tsvector(array_agg(
            order_owner(NEW.account, NEW.visitor) || ' ' || split_part(word, ' ', 2))), '')
        FROM unnest(tsvector_to_array(OLD.words)) word);
    RETURN NEW;
END $$;
CREATE TRIGGER owner_is_a_word BEFORE UPDATE OF account, visitor ON shop_order FOR EACH ROW
    WHEN (OLD.account IS DISTINCT FROM NEW.account OR OLD.visitor IS DISTINCT FROM NEW.visitor)
    EXECUTE FUNCTION follow_order_owner();
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
