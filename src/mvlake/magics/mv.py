"""%mv and %%track: the magics themselves. What they do is loaded when it is first asked for: `%load_ext` is to be quick."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from mvlake.capture.kernel import Kernel
from mvlake.errors import MvlakeError
from mvlake.lake.directive import USAGE, parse_directive
from mvlake.lake.verbs import BY_NAME, KERNEL_VERBS
from mvlake.records.source import DIRECTIVE

if TYPE_CHECKING:
    from mvlake.magics.ask import Ask

LINE_MAGIC = "mv"
CELL_MAGICS = ("track", "mv")
_LONGEST = 4000  # an error is long only where it quotes a stranger


class Magics:
    """The magics of one kernel. `previous` is what `%mv` was before: IPython's alias for the shell's `mv`."""

    def __init__(self, kernel: Kernel, *, previous: Callable[[str], Any] | None) -> None:
        self._kernel, self._previous = kernel, previous
        self._ask: Ask | None = None

    def cell_magics(self) -> dict[str, Callable[[str, str], Any]]:
        """Return the cell magics by name."""
        return {"track": self.track, "mv": self.mv_cell}

    def mv(self, line: str) -> Any:
        """Ask the lake: %mv log, %mv compare A B, %mv checkout REF, … `%mv help` lists the verbs.

        A first word that is no verb goes on to the shell's `mv`: `%mv old.csv new.csv` still renames.
        """
        first = line.split(maxsplit=1)[0] if line.strip() else "help"
        if first not in BY_NAME and first not in KERNEL_VERBS and self._previous is not None:
            return self._previous(line)
        return self._answer(line, "")

    def mv_cell(self, line: str, body: str) -> Any:
        """Ask the lake, the rest of the question in the cell: `%%mv sql` above a long SELECT."""
        return self._answer(line, body)

    def track(self, line: str, body: str) -> None:  # noqa: ARG002 - IPython hands the body over
        """Make a version of this cell: %%track [NAME] [-m NOTE], on the first line.

        Code, data, parameters, metrics, models, figures and environment become NAME:v1, v2, … Without NAME: the one used last,
        or the notebook's. The cell runs exactly as it would without this line.
        """
        try:
            parse_directive(line)
        except MvlakeError as error:
            raise UsageError(str(error)) from None
        raise UsageError(f"{DIRECTIVE} must be the first line of its cell; other cell magics go below it\nHint: {USAGE}")

    def _answer(self, line: str, body: str) -> Any:
        if self._ask is None:
            from mvlake.magics.ask import Ask

            self._ask = Ask(self._kernel)
        try:
            return self._ask.answer(line, body)
        except MvlakeError as error:
            from mvlake.view.clean import visible  # what a stranger wrote must not steer the terminal

            # IPython shows a UsageError as its one line, and papermill as a failure: no traceback of ours in the user's notebook.
            raise UsageError(visible(str(error), limit=_LONGEST, keeps_lines=True)) from None
