"""Suspicion: what the text of cells calls that may answer otherwise next time. It is read as words: to suspect is not to know."""

import re
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass

from mvlake.compare.advice import ASSIGNED, IN_ORDER, LITERAL, MAINTAINED, NUMBER, SAVED
from mvlake.compare.spelling import spelled_out
from mvlake.records.departure import CauseKind
from mvlake.records.dossier import Dossier
from mvlake.records.source import without_directive

_COMMENT = re.compile(r"(?m)(?:^|\s)#.*$")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One expression of a cell (0: of a module) by which it may depend on something that no version holds."""

    kind: CauseKind
    expression: str
    cell: int
    advice: str


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: CauseKind
    pattern: re.Pattern[str]
    advice: str


_SEEDED = "draw from random.Random(seed) or np.random.default_rng(seed)"
_FROM_DATA = "make the name from the data, as uuid.uuid5 does"
_SORTED = "sort what a folder lists: sorted(os.listdir(…)), sorted(path.glob(…))"
_SORTED_SET = "sort the set before its order matters: sorted(set(…)); PYTHONHASHSEED=0 pins it for a whole kernel"

_SIGNS = tuple(
    _Sign(kind, re.compile("|".join(patterns)), advice)
    for kind, advice, *patterns in (
        (CauseKind.SEED, _SEEDED, r"\b(?:os\.)?urandom\s*\(", r"/dev/u?random", r"\bsecrets\.\w+", r"\bSystemRandom\b"),
        (CauseKind.SEED, _SEEDED, r"\bgetrandom\b", r"\btoken_(?:hex|bytes|urlsafe)\b"),
        (CauseKind.SEED, _FROM_DATA, r"\buuid4\s*\("),
        (
            CauseKind.SEED,
            "set the generator's own seed: srand(…), setseed(…)",
            r"\bs?rand\s*\(",
            r"\bCDLL\b",
            r"(?<![.\w])(?i:random)\(\)",
        ),
        (CauseKind.SEED, "pass seed=… or random_state=…", r"\.(?:sample|shuffle)\s*\((?![^)]*(?:seed|random_state))"),
        (CauseKind.TIME, LITERAL, r"\btime\.(?:time|ctime|localtime|gmtime|strftime|monotonic|perf_counter)(?:_ns)?\b"),
        (CauseKind.TIME, LITERAL, r"\b(?:now|utcnow|today)\s*\(\s*\)", r"[\"'](?:now|today)[\"']", r"\bdatetime\.now\b"),
        (CauseKind.TIME, _FROM_DATA, r"\buuid1\s*\("),
        (CauseKind.ORDER, _SORTED, r"\b(?:os\.)?(?:listdir|scandir|walk)\s*\(", r"\.(?:iterdir|r?glob)\s*\(", r"\bi?glob\s*\("),
        (CauseKind.ORDER, _SORTED_SET, r"(?<![.\w])(?:frozen)?set\s*\(", r"(?<![.\w])hash\s*\("),
        (CauseKind.ORDER, _SORTED_SET, r"=\s*\{\s*[\"'][^\"'\n]*[\"']\s*,", r"\{\s*\w+(?:\.\w+)*(?:\(\))? for\b"),
        (
            CauseKind.THREADS,
            IN_ORDER,
            r"\bas_completed\s*\(",
            r"\bThread\s*\(",
            r"\bstart_new_thread\s*\(",
            r"\bThreadPool(?:Executor)?\b",
            r"\bimap_unordered\b",
        ),
        (CauseKind.THREADS, MAINTAINED, r"\.group_by\s*\((?![^)]*maintain_order)"),
        (CauseKind.HIDDEN_STATE, ASSIGNED, r"(?<![.\w])input\s*\(", r"\bgetpass\s*\(", r"\bos\.environ\b", r"\bgetenv\s*\("),
        (CauseKind.HIDDEN_STATE, ASSIGNED, r"\bbuiltins\b", r"\buser_ns\b", r"(?<![.\w])(?:globals|vars)\s*\(", r"\bsys\.argv\b"),
        (
            CauseKind.MISSING_INPUT,
            SAVED,
            r"\brequests\.\w+",
            r"\burlopen\b",
            r"[\"']https?://",
            r"\bhttpx\.\w+",
            r"\bconnect\s*\(",
        ),
        (CauseKind.HARDWARE, NUMBER, r"\bcpu_count\b", r"\bsched_getaffinity\b", r"\bplatform\.\w+\s*\(", r"\bgethostname\b"),
        (CauseKind.HARDWARE, NUMBER, r"\bpsutil\b", r"\bgetpid\b", r"\.cuda\b"),
    )
)


def suspicions(recorded: Dossier) -> Iterator[Suspicion]:
    """Yield what the cells and modules of a version are suspected of, cell by cell, each expression once a cell."""
    imported: dict[str, str] = {}
    for place, source in enumerate(recorded.sources, 1):
        yield from _of_text(without_directive(source or ""), place, imported)
    for text in recorded.modules.values():
        yield from _of_text(text, 0, {})


def _of_text(source: str, cell: int, imported: MutableMapping[str, str]) -> Iterator[Suspicion]:
    text = "\n".join([_COMMENT.sub("", source), spelled_out(source, imported)])
    found: Mapping[tuple[CauseKind, str], Suspicion] = {
        (sign.kind, match[0].strip(" =({")): Suspicion(sign.kind, match[0].strip(" =({"), cell, sign.advice)
        for sign in _SIGNS
        for match in sign.pattern.finditer(text)
    }
    yield from found.values()
