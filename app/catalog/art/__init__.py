"""Product art: one flat picture per kind, form and colourway, drawn by us, the same bytes every time."""

from app.catalog.art.kinds import KINDS
from app.catalog.art.palette import WAYS
from app.catalog.art.scene import VIEWS, draw
from app.catalog.art.stall import stall

__all__ = ["KINDS", "VIEWS", "WAYS", "draw", "stall"]
