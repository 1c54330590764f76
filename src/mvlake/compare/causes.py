"""Causes: why a replay left its version, by what is known without running anything: differences first, then hints, then words."""

import re
from collections.abc import Iterator, Sequence

from mvlake.compare.advice import AS_IT_WAS, LITERAL, MAINTAINED, SAVED, SEED
from mvlake.compare.suspicion import Suspicion, suspicions
from mvlake.records.departure import Basis, Cause, CauseKind, Departed, Departure, InputKind
from mvlake.records.dossier import Dossier
from mvlake.records.events import Difference, DifferenceKind
from mvlake.records.hint import HintCode

MOST = 5
"""Causes that are told."""

_MACHINE = ("cpus", "gpus", "machine", "processor features")
_OF_HINTS = {
    HintCode.TIME_DEPENDENT: CauseKind.TIME,
    HintCode.UNORDERED_THREADS: CauseKind.THREADS,
    HintCode.NETWORK_INPUT: CauseKind.MISSING_INPUT,
}
_OFFLINE = re.compile(r"^(?:\w+\.)*(?:URLError|HTTPError|\w*ConnectionError|ConnectionRefusedError|gaierror|OperationalError)\b")
_CODE = (".py", ".pyx", ".pyc", ".so", ".pyd")
_INSTALL = "install what the version had: mvlake export REF environment"
_UNKNOWN = Cause(
    CauseKind.UNKNOWN,
    Basis.GUESS,
    "nothing that is known to differ, and nothing that the cells say, explains it",
    advice="compare the executed notebook with the version's: mvlake replay REF --output replayed.ipynb",
)


def causes(recorded: Dossier, departure: Departure, differences: Sequence[Difference], error: str = "") -> tuple[Cause, ...]:
    """Return why a replay may have left its version, the likeliest first; `error` is what its cell raised, if one did."""
    said = list(suspicions(recorded))
    found = [
        *_raised(error, differences),
        *_inputs(departure, differences),
        *_machine(differences, said),
        *_hinted(recorded, departure),
        *_suspected(departure, said),
    ]
    return likeliest(found)


def likeliest(found: Sequence[Cause]) -> tuple[Cause, ...]:
    """Return each cause once, as it is best known, the best known first, and `unknown` where there is none."""
    best: dict[tuple[CauseKind, str], Cause] = {}
    kinds: set[CauseKind] = set()
    for one in sorted(found, key=lambda one: list(Basis).index(one.basis)):
        if one.basis is not Basis.GUESS or one.kind not in kinds:  # what is known needs no guess of its kind beside it
            best.setdefault((one.kind, one.name), one)
        kinds.add(one.kind)
    return tuple(best.values())[:MOST] or (_UNKNOWN,)


def _raised(error: str, differences: Sequence[Difference]) -> Iterator[Cause]:
    """Yield what an exception tells of its cause."""
    name = next(iter(re.findall(r"'([^']{1,100})'", error)), "")
    kind = error.partition(":")[0].rpartition(".")[2]
    if kind == "ModuleNotFoundError":
        top = name.partition(".")[0]
        if any(one.kind is DifferenceKind.MODULE and one.name.partition(".")[0] == top for one in differences):
            yield _known(CauseKind.CODE, name, "it is not kept with the version, and not here", "replay where it can be imported")
        else:
            yield _known(CauseKind.PACKAGE, name, "it cannot be imported here", _INSTALL)
    elif kind == "ImportError":
        yield _known(CauseKind.PACKAGE, "", f"an import that worked then fails now: {error[:200]}", _INSTALL)
    elif kind in ("NameError", "UnboundLocalError"):
        reason = f"{name} was in the kernel then, and no cell that the version holds makes it"
        yield _known(CauseKind.HIDDEN_STATE, name, reason, f"assign {name or 'it'} in a cell")
    elif kind in ("StdinNotImplementedError", "EOFError"):
        reason = "somebody typed an answer then, and nobody does in a replay"
        yield _known(CauseKind.HIDDEN_STATE, "input", reason, "assign the value in the cell instead of asking for it")
    elif _OFFLINE.match(error):
        yield _known(CauseKind.MISSING_INPUT, "", f"what was read from elsewhere does not answer: {error[:200]}", SAVED)


def _inputs(departure: Departure, differences: Sequence[Difference]) -> Iterator[Cause]:
    """Yield what of the world is not as it was, and is used."""
    gone = {one.name for one in differences if one.is_missing or one.kind in (DifferenceKind.URL, DifferenceKind.HOST)}
    for one in departure.inputs:
        reason = f"cell {one.cell} uses it, and {one.reason}"
        if one.kind is InputKind.FILE and one.name in gone:
            yield _known(CauseKind.MISSING_INPUT, one.name, reason, f"bring it back, or {SAVED}")
        elif one.kind is InputKind.FILE and not one.name.endswith(_CODE):
            yield _known(CauseKind.DATA, one.name, reason, AS_IT_WAS)
        elif one.kind in (InputKind.MODULE, InputKind.FILE):
            yield _known(CauseKind.CODE, one.name, reason, AS_IT_WAS)
        elif one.kind is InputKind.PACKAGE:
            yield _package(one)
        elif one.kind is InputKind.GENERATOR:
            reason = f"cell {one.cell} draws from it, and {one.reason}"
            yield _known(CauseKind.SEED, one.name, reason, SEED)


def _package(one: Departed) -> Cause:
    then = one.reason.partition(" then")[0]
    advice = f"pin {one.name}=={then}" if " " not in then else _INSTALL
    return _known(CauseKind.PACKAGE, one.name, f"cell {one.cell} uses it: {one.reason}", advice)


def _known(kind: CauseKind, name: str, reason: str, advice: str) -> Cause:
    return Cause(kind, Basis.EVIDENCE, reason, name, advice)


def _machine(differences: Sequence[Difference], said: Sequence[Suspicion]) -> Iterator[Cause]:
    """Yield what of the machine differs: likely where a cell asks for it, else one possibility."""
    asked = next((one for one in said if one.kind is CauseKind.HARDWARE), None)
    for one in differences:
        if one.kind is DifferenceKind.ENVIRONMENT and (one.name in _MACHINE or one.name.startswith("threads of ")):
            if asked is not None:
                reason = f"{asked.expression} asks the machine, and of it differs {one.name}: {one.reason}"
                yield _known(CauseKind.HARDWARE, one.name, reason, asked.advice)
            else:
                advice = "replay on the machine that the version was made on"
                yield Cause(CauseKind.HARDWARE, Basis.GUESS, f"{one.name}: {one.reason}", one.name, advice)


def _hinted(recorded: Dossier, departure: Departure) -> Iterator[Cause]:
    """Yield what was said of the version when it was made."""
    advice = {
        CauseKind.TIME: LITERAL,
        CauseKind.THREADS: MAINTAINED,
        CauseKind.MISSING_INPUT: SAVED,
    }
    for hint in recorded.version.hints:
        kind = _OF_HINTS.get(hint.code)
        if kind is not None and (not departure.is_exact or not hint.cells or departure.cell in hint.cells):
            yield _known(kind, "", hint.text, advice[kind])


def _suspected(departure: Departure, said: Sequence[Suspicion]) -> Iterator[Cause]:
    """Yield what the text of the cells may depend on: the departing cell first, and then the others that may be it."""
    may_be = [one for one in said if not departure.is_exact or one.cell in (0, departure.cell)]
    for one in sorted(may_be, key=lambda one: (abs(departure.cell - one.cell), one.kind is CauseKind.ORDER)):
        place = f"cell {one.cell}" if one.cell else "a module"
        yield Cause(one.kind, Basis.GUESS, f"{place} says {one.expression}", one.expression, one.advice)
