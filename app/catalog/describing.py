"""What tells a variant from the others of its product, in a few words; and how little of it is worth saying."""

FEW_LEFT = 3  # pieces

# SQL over `variant` and `product`. Most feeds bring no note: "Ink blue, XS" then says what was chosen.
NOTE = """coalesce(nullif(variant.note, ''), (SELECT left(string_agg(value, ', '), 200)
       FROM jsonb_each_text(variant.options) WHERE value <> ''), product.note)"""
