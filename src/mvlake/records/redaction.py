"""Redaction: that something secret was replaced, by which rule, and where; never what it was."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Redaction:
    """How many texts of one place a rule replaced: `environment.HF_TOKEN` in `cell 2`, twice.

    Of a `column` of a frame: how many of its values a column policy hashed, masked or dropped. `hashes` are those that their marks
    show, each once and sorted: equal secrets have equal ones. Of many there are some.
    """

    rule: str
    place: str
    count: int
    column: str = ""
    hashes: tuple[str, ...] = ()
