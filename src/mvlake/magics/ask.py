"""Ask: what `%mv` does, in the lake and in the kernel."""

from dataclasses import replace
from keyword import iskeyword
from typing import Any

from mvlake.capture.kernel import Kernel
from mvlake.capture.probes.notebook import notebook_path
from mvlake.compare.diff import Diff
from mvlake.compare.varied import Varied
from mvlake.errors import Invalid, InvalidVerb, ReadOnlyLake
from mvlake.lake.grammar import Call, parse_line, verb_named
from mvlake.lake.lake import Lake
from mvlake.lake.manual import manual
from mvlake.lake.verbs import BY_NAME, KERNEL_VERBS
from mvlake.magics.comparing import Comparing
from mvlake.magics.live import variable_or_file
from mvlake.magics.show import show
from mvlake.records.answers import Done, Manual, Restored, Shown
from mvlake.records.names import check_name
from mvlake.records.ref import parse_ref
from mvlake.view.quantities import plural

_OF_LAST_NAME = ("metric", "param", "ignore", "leaderboard")  # they speak of what this kernel made last
_VERBS = {**BY_NAME, **KERNEL_VERBS}


class Ask:
    """The verbs of one kernel: those of every lake, and `auto`, `snapshot`, `diff`, `pause`, `resume`."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._comparing = Comparing(kernel.shell, kernel.boundary)

    def answer(self, line: str, body: str) -> Any:
        """Return what a line asks for, shown already unless it is an object; raises MvlakeError."""
        call = parse_line(line, body, verbs=_VERBS)
        if call.verb.name in KERNEL_VERBS:
            return self._do_in_kernel(call)
        if call.verb.name == "help":
            return show(self._kernel.shell, _manual(call), call)
        return self._do_in_lake(call)

    def _do_in_lake(self, call: Call) -> Any:
        shell = self._kernel.shell
        lake = self._lake(call)
        if call.verb.name == "load":
            if call.door["to"] is not None:
                raise InvalidVerb("--to is a terminal's: a kernel is given the object", usage="`export REF NAME --to FILE`")
            return lake.load(**call.arguments)
        if call.verb.name == "sql" and call.door["into"] is not None:
            return self._sql_into(lake, call)
        if call.verb.name == "checkout" and call.arguments["to"] is None:
            restored: Restored = lake.checkout(**call.arguments, into=shell.user_ns)
            version = parse_ref(restored.ref)
            names = frozenset(row.name for row in restored.names if not row.problem)
            self._kernel.checked_out(version.name, version.number or 0, names)
            return show(shell, restored, call)
        if call.verb.name == "compare":
            return self._compare(lake, call)
        if call.verb.name in _OF_LAST_NAME and call.arguments["name"] is None:
            call.arguments["name"] = self._kernel.session.last_name or None
        try:
            answer = call.on(lake)
        except ReadOnlyLake:
            if not self._kernel.tracker().destination.is_scratch:
                raise
            return self._say(f"a replay leaves the lake as it is: {call.verb.name} is not done again", call)
        if call.verb.name == "status":
            answer = self._kernel_status(answer)
        pictures = lake.pictures(answer) if isinstance(answer, Diff | Shown | Varied) else {}
        return show(shell, answer, call, pictures=pictures)

    def _compare(self, lake: Lake, call: Call) -> None:
        """Show how versions differ, or a version and what this kernel has."""
        shell, given = self._kernel.shell, call.arguments
        if given["with_"] is not None:
            given["with_"] = variable_or_file(given["with_"], shell.user_ns)
        elif not given["refs"]:
            given["refs"] = list(lake.last_two(self._kernel.session.last_name or None))
        found = call.on(lake)
        pictures = lake.pictures(found)
        show(shell, found, call, pictures=pictures, more=lambda: self._comparing.more(call, lake, found, pictures))
        if call.door["exit_code"] and not found.is_empty:
            said = f"{found.b.ref} differs from {found.a.ref}" if isinstance(found, Diff) else "the versions differ"
            raise Invalid(said, hint="leave out --exit-code, and the cell goes on")

    def _sql_into(self, lake: Lake, call: Call) -> Any:
        """Put all rows of a query into a variable."""
        name = call.door["into"]
        if not name.isidentifier() or iskeyword(name):
            raise InvalidVerb(f'"{name[:40]}" is no variable', usage="%%mv sql --into df")
        frame = self._kernel.shell.user_ns[name] = lake.sql(**call.arguments, as_="pandas")
        return self._say(f"{name}: {len(frame):,} rows of {frame.shape[1]} columns", call)

    def _lake(self, call: Call) -> Any:
        if call.verb.name == "init":
            return Lake
        destination = self._kernel.tracker().destination
        return Lake.open(call.lake, create=False) if call.lake or destination.is_scratch else destination.lake()

    def _kernel_status(self, answer: Any) -> Any:
        """Return the lake's status with what is known of this kernel."""
        session, boundary = self._kernel.session, self._kernel.boundary
        facts = [
            ("kernel", f"{plural(len(session.executed), 'cell')} seen"),
            ("notebook", notebook_path(self._kernel.shell.user_ns) or "unknown"),
        ]
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
        if call.verb.name == "diff":
            return self._diff(call)
        name = call.arguments["name"] or ""
        self._kernel.tracker().take_snapshot(check_name(name) if name else "", call.arguments["message"])
        return None

    def _diff(self, call: Call) -> Any:
        """Show what this kernel and its notebook have changed since a version: the one named, or that on which they build."""
        session, ref = self._kernel.session, call.arguments["ref"]
        number = session.parents.get(session.last_name)
        if ref is None and number is None:
            reason = "this kernel has made no version yet, and checked none out: there is nothing to tell the difference from"
            raise Invalid(reason, hint="%mv diff NAME:latest compares it with a version all the same; %mv log lists them")
        ref = ref or f"{session.last_name}:v{number}"
        diff = self._kernel.tracker().differences(self._lake(call), ref)
        show(self._kernel.shell, diff, call)
        if call.door["exit_code"] and not diff.is_empty:
            raise Invalid(f"this kernel is not what {ref} was", hint=f"make a version of it, or check {ref} out")
        return None

    def _auto(self, call: Call) -> Any:
        session, word = self._kernel.session, call.arguments["switch"]
        if word == "off":
            session.auto = None
            return self._say("only %%track cells are tracked", call)
        if word != "on":
            raise InvalidVerb(f'auto is on or off, not "{word[:40]}"', usage="%mv auto on [NAME]")
        name = session.name_for(call.arguments["name"] or "", notebook_path(self._kernel.shell.user_ns))
        if not name:
            raise InvalidVerb("auto needs a name", usage="%mv auto on NAME")
        session.auto = check_name(name)
        return self._say(f"every cell that makes something becomes a version of {session.auto}; `%mv auto off` ends it", call)

    def _say(self, sentence: str, call: Call) -> Any:
        return show(self._kernel.shell, Done(sentence), call)


def _manual(call: Call) -> Manual:
    word = call.arguments["verb"]
    return manual(None if word is None else verb_named(word, _VERBS), verbs=tuple(_VERBS.values()), program="%mv")
