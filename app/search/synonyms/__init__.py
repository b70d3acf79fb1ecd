"""Words that mean the same, from one file for each language that the operator edits."""

from app.search.synonyms.keeping import current, kept
from app.search.synonyms.parsing import Problem, Synonyms, load

__all__ = ["Problem", "Synonyms", "current", "kept", "load"]
