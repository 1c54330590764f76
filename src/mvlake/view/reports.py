"""Reports: what a door writes of an answer into files that a build server reads."""

from collections.abc import Iterator, Mapping
from typing import Any

from mvlake.records.foreseen import Plans
from mvlake.view.junit import as_junit
from mvlake.view.markdown import as_markdown


def reports(options: Mapping[str, Any], answer: Any) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each report that the options of a call ask for."""
    if isinstance(answer, Plans):
        return  # nothing was judged: there is nothing to report
    if options.get("junit"):
        yield options["junit"], as_junit(answer)
    if options.get("summary"):
        yield options["summary"], as_markdown(answer)
