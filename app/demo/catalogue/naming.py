"""Names turned into keys."""

import re
import unicodedata


def slug(name: str) -> str:
    """`"Três Irmãs, 30 cl"` → `"tres-irmas-30-cl"`."""
    bare = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", bare.replace("'", "")))


def slot(fact: str) -> str:
    """How a fact or an option is called inside a template: "Made in" is {made_in}."""
    return slug(fact).replace("-", "_")
