"""What a query finds, as columns of numbers: for hundreds of thousands of rows, which need no objects."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.infra.bulk import copied

_COPY_HEADER, _COPY_TRAILER = 19, 2  # bytes, of PostgreSQL's binary COPY


async def numbers(sql: str, *args: Any, columns: int) -> list[NDArray[np.int64]]:
    """The columns of a query's answer, all of them bigint and none NULL."""
    row = np.dtype([part for n in range(columns) for part in ((f"bytes {n}", ">i4"), (f"value {n}", ">i8"))])
    found = (await copied(sql, *args))[_COPY_HEADER:-_COPY_TRAILER]
    rows = np.frombuffer(found, np.dtype([("fields", ">i2"), ("row", row)]))["row"]
    return [rows[f"value {n}"].astype(np.int64) for n in range(columns)]
