"""What a shopper's words ask for: from the text of a query to the words of the index."""

from app.search.understanding.reading import understand
from app.search.understanding.understood import Alternative, Lexicon, QueryWord, Understood

__all__ = ["Alternative", "Lexicon", "QueryWord", "Understood", "understand"]
