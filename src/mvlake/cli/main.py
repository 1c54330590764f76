"""`mvlake`: the verbs of a lake in a terminal and in CI. Exit codes: 0 yes, 1 a negative answer, 2 an error, 130 interrupted."""

import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mvlake._version import __version__
from mvlake.cli.consent import with_consent
from mvlake.cli.progress import Progress
from mvlake.compare.diff import Diff
from mvlake.compare.many import Many
from mvlake.compare.varied import Varied
from mvlake.errors import Invalid, InvalidVerb, MvlakeError, Unsupported
from mvlake.lake.checkout import folder_for
from mvlake.lake.export import publish
from mvlake.lake.grammar import STDOUT, Call, is_target, parse_words
from mvlake.lake.lake import Lake
from mvlake.lake.report import add_report, write_document, write_report
from mvlake.records.answers import Checkup, Done, Findings, Manual, Mended, Script, Shown, Verdicts
from mvlake.records.canonical import Json
from mvlake.records.digest import Digest
from mvlake.records.events import Verdict
from mvlake.records.foreseen import Plans
from mvlake.records.replays import Replays, Unanswered
from mvlake.view.clean import visible
from mvlake.view.document import as_document
from mvlake.view.jsonable import jsonable
from mvlake.view.text import as_text

YES, NO, ERROR, INTERRUPTED = 0, 1, 2, 130
_LONGEST = 4000
_UNBROKEN = 10_000
_SCRIPT = 1 << 20  # characters of code that a terminal is sent at once
_LONG = ("compare", "verify", "export", "replay", "repair", "gc", "push", "pull", "sync")  # what may take minutes tells how far


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line says, and return the exit code."""
    words = list(sys.argv[1:] if words is None else words)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal or a pipe that knows no → is no reason to fail
    try:
        code = _run(words)
        sys.stdout.flush()  # here, and not when Python ends, a reader that has gone is noticed
    except MvlakeError as error:
        _complain(error, is_json=_wants_document(words))
        return ERROR
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # `mvlake log | head`: whoever read has enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return YES
    except OSError as error:  # a file that was named cannot be read or written
        _complain(Invalid(f"{error.filename or 'the output'}: {error.strerror}"), is_json=_wants_document(words))
        return ERROR
    return code


def _run(words: list[str]) -> int:
    if words[:1] in (["--version"], ["-V"]):
        print(f"mvlake {__version__}")
        return YES
    words = _named(words)
    call = parse_words(["help", *words[:1]] if words[1:2] in (["--help"], ["-h"]) else words)
    answer = _answer(call)
    _write(call, answer)
    if call.door.get("exit_code") and isinstance(answer, Diff | Many):
        return YES if answer.is_empty else NO
    return exit_code(answer)


def _named(words: list[str]) -> list[str]:
    """Return the words with the verb first: what every verb takes (`--lake PATH`, `--html FILE`, `--json`) may stand before it."""
    before = 0
    while before < len(words) and words[before].startswith("--") and words[before] != "--help":
        is_json = words[before] == "--json" and is_target("".join(words[before + 1 : before + 2]))
        before += 2 if words[before] in ("--lake", "--html") or is_json else 1
    verb, rest = words[before : before + 1], words[before + 1 :]
    return ["help"] if verb in ([], ["--help"], ["-h"]) else [*verb, *words[:before], *rest]


def _wants_document(words: list[str]) -> bool:
    """True where what is printed is to be JSON, an error too: whoever has the document in a file reads text here."""
    behind = zip(words, [*words[1:], ""], strict=True)
    return any(word == f"--json={STDOUT}" or (word == "--json" and not next_.endswith(".json")) for word, next_ in behind)


def exit_code(answer: Any) -> int:
    """Return what the answer means to a script: 1 for damage found or left, and for a replay that made something else."""
    if isinstance(answer, Findings | Mended):
        return YES if answer.is_clean else NO
    if isinstance(answer, Checkup):
        return YES if answer.is_healthy else NO
    if isinstance(answer, Verdicts) and answer.is_interrupted:
        return INTERRUPTED
    if isinstance(answer, Verdicts):
        if answer.replayed.verdict.is_reproduced:
            return YES
        return NO if answer.replayed.verdict is Verdict.DRIFTED else ERROR
    if isinstance(answer, Plans):
        return ERROR if any(one.lacking for one in answer.plans) else YES
    if isinstance(answer, Replays):
        return max((exit_code(one) for one in answer.answers), default=YES)
    return ERROR if isinstance(answer, Unanswered) else YES


def _answer(call: Call) -> Any:
    name = call.verb.name
    if name == "help":
        return Lake.help(**call.arguments)
    if name == "init":
        return Lake.init(call.arguments["path"] or call.lake, source=call.arguments["source"], **_told())
    if name == "load" and call.html is not None:
        raise InvalidVerb("load gives an object, which is no page", usage="`load REF NAME --to FILE` writes its bytes")
    if name == "sql" and call.door["into"] is not None:
        raise InvalidVerb("--into puts rows into a variable, which only a kernel has", usage="leave it out; --json prints the rows")
    lake = Lake.open(call.lake, create=False, **_told())
    if name == "load" and call.door["to"] is not None:
        return _export(lake, call)
    if name == "checkout" and call.arguments["to"] is None:
        call.arguments["to"] = folder_for(call.arguments["ref"])
    if name == "load":
        return _loaded(lake, call)
    answer = with_consent(call, lambda: call.on(lake, **(_told() if name in _LONG else {})))
    if call.html is not None:
        _write_page(call, answer, lake.pictures(answer) if isinstance(answer, Diff | Many | Shown | Varied) else {})
    return answer


def _loaded(lake: Lake, call: Call) -> Any:
    """Return the object; where JSON is wanted, a frame as its rows."""
    if call.is_json:
        with suppress(Invalid, Unsupported):  # what is no frame has no rows, and what was asked wrongly is said below
            return lake.load(**{**call.arguments, "as_": "arrow"}).to_pylist()
    return lake.load(**call.arguments)


def _told() -> dict[str, Any]:
    """Return what is told how far a long piece of work is: a terminal."""
    return {"tell": Progress(sys.stderr).tell} if sys.stderr.isatty() else {}


def _export(lake: Lake, call: Call) -> Any:
    parts = [f"--{word.rstrip('_')}" for word in ("columns", "rows", "as_") if call.arguments.get(word) is not None]
    if parts:
        raise InvalidVerb(f"{', '.join(parts)} with --to, which writes all that is kept", usage="leave out one of them")
    data = lake.load_bytes(call.arguments["ref"], call.arguments["name"])
    publish(Path(call.door["to"]).absolute(), lambda file: file.write(data))
    return Done(f"wrote {len(data):,} bytes to {call.door['to']}", call.arguments["ref"])


def _write_page(call: Call, answer: Any, pictures: Mapping[Digest, bytes]) -> None:
    from mvlake.view.html import page

    assert call.html is not None
    write_report(Path(call.html), page(answer, f"mvlake {call.verb.name}", pictures=pictures))


def _write(call: Call, answer: Any) -> None:
    if call.verb.name == "replay":
        from mvlake.view.reports import reports

        for path, text in reports(call.door, answer):
            add_report(Path(path), text)
    is_object = call.verb.name == "load" and call.door["to"] is None
    if call.json is not None:
        document = jsonable(answer) if is_object else as_document(answer)
        if not call.is_json:
            write_document(Path(call.json), document)
    if call.is_json:
        print(_json(document))
    elif is_object:
        print(answer)
    elif isinstance(answer, Manual) and answer.text:
        print(answer.text)
    elif isinstance(answer, Script):
        # Into a file or a pipe as it is; on a terminal, what a stranger's lake says is not to move the cursor.
        print(visible(answer.text, limit=_SCRIPT, keeps_lines=True) if sys.stdout.isatty() else answer.text, end="")
    else:
        print(as_text(answer, width=_width(), color=_wants_color(), now=datetime.now(UTC)))


def _complain(error: MvlakeError, *, is_json: bool) -> None:
    if is_json:
        print(_json(as_document(error)))
    else:
        # What a stranger's lake says is not to move the cursor.
        print(f"mvlake: {visible(str(error), limit=_LONGEST, keeps_lines=True)}", file=sys.stderr)


def _json(document: Json) -> str:
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(document, indent=2, ensure_ascii=not is_unicode, allow_nan=False)


def _width() -> int:
    """Return how wide a line may be: as the terminal is. Whoever reads from a file or a pipe wants no line broken in two."""
    from shutil import get_terminal_size

    return get_terminal_size((100, 24)).columns if sys.stdout.isatty() else _UNBROKEN


def _wants_color() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
