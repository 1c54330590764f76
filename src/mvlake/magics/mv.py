"""%mv: the verbs of a lake in a notebook, and what belongs to the kernel: `auto`, `snapshot`, `pause`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from IPython.core.error import UsageError

from mvlake.capture.directive import MAGIC, USAGE, parse_directive
from mvlake.capture.kernel import Kernel
from mvlake.capture.snapshot import snapshot
from mvlake.compare.diff import Diff
from mvlake.errors import InvalidVerb, MvlakeError
from mvlake.lake.grammar import Call, parse_line, verb_named
from mvlake.lake.lake import Lake
from mvlake.lake.manual import manual
from mvlake.lake.verbs import BY_NAME, KERNEL_VERBS
from mvlake.magics.show import show
from mvlake.records.answers import Done, Manual, Restored, Shown
from mvlake.records.names import check_name
from mvlake.records.ref import parse_ref

LINE_MAGIC = "mv"
CELL_MAGICS = ("track", "mv")
_VERBS = {**BY_NAME, **KERNEL_VERBS}


class Magics:
    """The magics of one kernel. `previous` is what `%mv` was before: IPython's alias for the shell's `mv`."""

    def __init__(self, kernel: Kernel, *, previous: Callable[[str], Any] | None) -> None:
        self._kernel, self._previous = kernel, previous

    def cell_magics(self) -> dict[str, Callable[[str, str], Any]]:
        """Return the cell magics by name."""
        return {"track": self.track, "mv": self.mv_cell}

    def mv(self, line: str) -> Any:
        """Ask the lake: %mv log, %mv compare A B, %mv checkout REF, … `%mv help` lists the verbs.

        A first word that is no verb goes on to the shell's `mv`: `%mv old.csv new.csv` still renames.
        """
        first = line.split(maxsplit=1)[0] if line.strip() else "help"
        if first not in _VERBS and self._previous is not None:
            return self._previous(line)
        return self._do(line, "")

    def mv_cell(self, line: str, body: str) -> Any:
        """Ask the lake, the rest of the question in the cell: `%%mv sql` above a long SELECT."""
        return self._do(line, body)

    def track(self, line: str, body: str) -> None:  # noqa: ARG002 - IPython hands the body over
        """Make a version of this cell: %%track [NAME] [-m NOTE], on the first line.

        Code, data, parameters, metrics, models, figures and environment become NAME:v1, v2, … Without NAME: the one used last,
        or the notebook's. The cell runs exactly as it would without this line.
        """
        try:
            parse_directive(line)
        except MvlakeError as error:
            raise UsageError(str(error)) from None
        raise UsageError(f"{MAGIC} must be the first line of its cell; other cell magics go below it\nHint: {USAGE}")

    def _do(self, line: str, body: str) -> Any:
        try:
            call = parse_line(line, body, verbs=_VERBS)
            if call.verb.name in KERNEL_VERBS:
                return self._do_in_kernel(call)
            if call.verb.name == "help":
                return show(self._kernel.shell, _manual(call), call)
            return self._do_in_lake(call)
        except MvlakeError as error:
            # IPython shows a UsageError as its one line, and papermill as a failure: no traceback of ours in the user's notebook.
            raise UsageError(str(error)) from None

    def _do_in_lake(self, call: Call) -> Any:
        shell = self._kernel.shell
        lake = self._lake(call)
        if call.verb.name == "load":
            return lake.load(**call.arguments)
        if call.verb.name == "checkout" and call.arguments["to"] is None:
            restored: Restored = lake.checkout(**call.arguments, into=shell.user_ns)
            version = parse_ref(restored.ref)
            names = frozenset(row.name for row in restored.names if not row.problem)
            self._kernel.checked_out(version.name, version.number or 0, names)
            return show(shell, restored, call)
        answer = getattr(lake, call.verb.name)(**call.arguments)
        if call.verb.name == "status":
            answer = self._kernel_status(answer)
        return show(shell, answer, call, pictures=lake.pictures(answer) if isinstance(answer, Diff | Shown) else {})

    def _lake(self, call: Call) -> Any:
        if call.verb.name == "init":
            return Lake
        return Lake.open(call.lake, create=False) if call.lake or self._kernel.session.capture_to else self._kernel.session.lake()

    def _kernel_status(self, answer: Any) -> Any:
        """Return the lake's status with what is known of this kernel."""
        session, boundary = self._kernel.session, self._kernel.boundary
        facts = [("kernel", f"{len(session.executed)} cells seen"), ("notebook", self._kernel.notebook() or "unknown")]
        facts += [(f"{name} builds on", f"{name}:v{number}") for name, number in session.parents.items()]
        facts.append(
            ("tracking", "paused" if session.is_paused else f"every cell, as {session.auto}" if session.auto else "%%track cells")
        )
        if boundary.failures:
            facts.append(("capture problems", f"{boundary.failures}, the last: {boundary.last} (details in {boundary.path})"))
        return replace(answer, facts=tuple(facts))

    def _do_in_kernel(self, call: Call) -> Any:
        session = self._kernel.session
        if call.verb.name == "auto":
            return self._auto(call)
        if call.verb.name in ("pause", "resume"):
            session.is_paused = call.verb.name == "pause"
            return self._say("tracking is paused; `%mv resume` goes on" if session.is_paused else "tracking goes on", call)
        name = session.name_for(call.arguments["name"] or "", self._kernel.notebook())
        if not name:
            raise InvalidVerb("a snapshot needs a name", usage="%mv snapshot NAME")
        lake = session.lake()
        notebook, message = self._kernel.notebook(), call.arguments["message"]
        draft = snapshot(session, lake, self._kernel.shell.user_ns, name=check_name(name), message=message, notebook=notebook)
        self._kernel.commit(lake, draft)
        return None

    def _auto(self, call: Call) -> Any:
        session, word = self._kernel.session, call.arguments["switch"]
        if word == "off":
            session.auto = None
            return self._say("only %%track cells are tracked", call)
        if word != "on":
            raise InvalidVerb(f'auto is on or off, not "{word[:40]}"', usage="%mv auto on [NAME]")
        name = session.name_for(call.arguments["name"] or "", self._kernel.notebook())
        if not name:
            raise InvalidVerb("auto needs a name", usage="%mv auto on NAME")
        session.auto = check_name(name)
        return self._say(f"every cell that makes something becomes a version of {session.auto}; `%mv auto off` ends it", call)

    def _say(self, sentence: str, call: Call) -> Any:
        return show(self._kernel.shell, Done(sentence), call)


def _manual(call: Call) -> Manual:
    word = call.arguments["verb"]
    return manual(None if word is None else verb_named(word, _VERBS), verbs=tuple(_VERBS.values()), program="%mv")
