"""Manual: what `help` says, made from the table of verbs."""

from mvlake.lake.grammar import explain, usage
from mvlake.lake.verbs import VERBS, Verb
from mvlake.records.answers import Manual


def manual(verb: Verb | None, *, verbs: tuple[Verb, ...] = VERBS, program: str = "mvlake") -> Manual:
    """Return all verbs with usage and summary, or the whole text of one."""
    chosen = verbs if verb is None else (verb,)
    rows = tuple((one.name, usage(one, program=program), one.summary) for one in chosen)
    return Manual(rows, "" if verb is None else explain(verb, program=program))
