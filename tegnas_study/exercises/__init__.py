"""Exercises that mark themselves and do not tell: the answers are sealed, the tests of functions lie in `hidden`.

A chapter writes ``check("ex-label", answer)``. A number or a word is compared with a digest in
``notebooks/exercises/``, which `python -m book.seal` writes; a function that the reader wrote runs on cases of
`tegnas_study.exercises.hidden`.
"""

from tegnas_study.exercises.checking import check, solution_of
from tegnas_study.exercises.replies import Reply
from tegnas_study.exercises.sealed import Sealed, seal
from tegnas_study.exercises.tasks import FromPage, Judged, WriteFunction

__all__ = ["FromPage", "Judged", "Reply", "Sealed", "WriteFunction", "check", "seal", "solution_of"]
