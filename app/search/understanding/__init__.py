"""What a shopper's words ask for: from the text of a query to the words of the index."""

from app.search.understanding.reading import understand
from app.search.understanding.understood import Alternative, Lexicon, Narrowing, QueryWord, Understood

__all__ = ["Alternative", "Lexicon", "Narrowing", "QueryWord", "Understood", "understand"]
