"""VAT at the rate of what is sold, kept with each line of an order."""

from app.infra.statements import migration

ID = "2026-11-28T06:12:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "tax rates"

STATEMENTS = """
CREATE TABLE tax_rate (
    id BIGSERIAL PRIMARY KEY,
    country VARCHAR(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    category BIGINT REFERENCES category(id) ON DELETE RESTRICT,
    percent NUMERIC(4,2) NOT NULL CHECK (percent >= 0),
    valid_from DATE NOT NULL,
    set_by BIGINT REFERENCES account(id) ON DELETE SET NULL,
    set_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX tax_rate_once ON tax_rate (country, coalesce(category, 0), valid_from);

-- The rate of the nearest category above what is sold, else that of everything; null if there is none.
CREATE FUNCTION vat_percent(of_category BIGINT, in_country TEXT, on_day DATE) RETURNS NUMERIC LANGUAGE sql STABLE AS $$
    SELECT r.percent FROM category own, tax_rate r LEFT JOIN category c ON c.id = r.category
    WHERE own.id = of_category AND r.country = in_country AND r.valid_from <= on_day
      AND (r.category IS NULL OR own.path = c.path OR starts_with(own.path, c.path || '/'))
    ORDER BY coalesce(length(c.path), 0) DESC, r.valid_from DESC LIMIT 1
$$;

ALTER TABLE order_line ADD COLUMN vat_percent NUMERIC(4,2) NOT NULL DEFAULT 23;
ALTER TABLE order_line ALTER COLUMN vat_percent DROP DEFAULT;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
