"""Addresses inside the shop."""

import re

_LOCAL = re.compile(r"^/(?![/\\])[^\x00-\x20\x7f\\]*$")


def local_path(wanted: str | None, default: str = "/") -> str:
    """`wanted` if it is a path of this shop, else `default`: no redirect leads to another site."""
    return wanted if wanted and len(wanted) <= 2000 and _LOCAL.match(wanted) else default
