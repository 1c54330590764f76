"""Stand-in: what comes back in place of an object that is kept as another kind of thing."""

from mvlake.records.summary import FigureSummary, ModelSummary, Summary


def stand_in(summary: Summary | None) -> str:
    """Return what loading an artifact gives in place of the object, "" where it gives the object."""
    if isinstance(summary, FigureSummary):
        return "a picture of it"
    if isinstance(summary, ModelSummary) and any(
        one.name == "restores_as" and one.value == "state_dict" for one in summary.learned
    ):
        return "its state_dict"
    return ""
