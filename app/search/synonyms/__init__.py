"""Words that mean the same: the thesaurus that comes with Feira, and for each language a list that operators edit."""

from app.search.synonyms.keeping import current, kept
from app.search.synonyms.parsing import Problem, Synonyms, load

__all__ = ["Problem", "Synonyms", "current", "kept", "load"]
