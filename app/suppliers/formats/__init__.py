"""Reads suppliers' files in whatever format they come, as a stream, into rows with one vocabulary.

with open_feed(path) as feed:
    for row in feed:      # RawRow or BadRow; FeedUnreadable if the rest cannot be read
        ...
"""

from app.suppliers.formats.limits import Limits
from app.suppliers.formats.opening import FeedReader, open_feed
from app.suppliers.formats.peeking import Column, Preview, peek, read_beginning
from app.suppliers.formats.raw import BadRow, FeedUnreadable, RawRow

__all__ = [
    "BadRow",
    "Column",
    "FeedReader",
    "FeedUnreadable",
    "Limits",
    "Preview",
    "RawRow",
    "open_feed",
    "peek",
    "read_beginning",
]
