"""The words that a product is called by, as its seller writes them: what spelling and suggestions choose from."""

from app.search.documents import Document
from app.search.words import LONGEST_WORD, WORD, fold


def written(document: Document) -> dict[str, str]:
    """Folded word -> the word in small letters with its accents, each once."""
    names = [name for _, name in document.categories]
    text = " ".join((document.name, document.brand, *names, *document.colours)).casefold()
    if text.isascii():
        return {word: word for word in WORD.findall(text) if len(word) <= LONGEST_WORD}
    return {fold(word): word for word in WORD.findall(text) if len(word) <= LONGEST_WORD}
