from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a feed we are willing to read. Bytes are counted after decompression."""

    max_bytes: int = 2048 * MIB
    max_ratio: int = 200
    """Decompressed bytes per compressed byte, enforced once `ratio_grace` bytes have come out."""
    ratio_grace: int = 50 * MIB
    max_row_bytes: int = MIB
    max_fields: int = 500
    max_rows: int = 5_000_000
    max_field_chars: int = 20_000
    max_useless_rows: int = 100_000
    """So many rows in succession that cannot be offers end the reading."""
