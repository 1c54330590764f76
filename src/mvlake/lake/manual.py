"""Manual: what `help` says, made from the table of verbs."""

from mvlake.lake.grammar import explain, usage
from mvlake.lake.verbs import VERBS, Verb
from mvlake.records.answers import Manual


def manual(verb: Verb | None) -> Manual:
    """Return all verbs with usage and summary, or the whole text of one."""
    chosen = VERBS if verb is None else (verb,)
    return Manual(
        tuple((one.name, usage(one, program="mvlake"), one.summary) for one in chosen), "" if verb is None else explain(verb)
    )
