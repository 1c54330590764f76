"""Replays: the answer of `replay` where several versions may be meant, and which of them are."""

from dataclasses import dataclass

from mvlake.records.answers import Verdicts


@dataclass(frozen=True, slots=True)
class Choice:
    """Which versions a replay is of, beside those that refs name.

    With `all_`, a name stands for all of its versions, and a label for every version that holds it. `since` is a date or a ref:
    only what was made after it. With `changed_env`, only versions whose imports need what differs here. With `allow_empty`, that
    there is none is an answer too.
    """

    all_: bool = False
    since: str = ""
    changed_env: bool = False
    allow_empty: bool = False

    @property
    def is_asked(self) -> bool:
        """True when more than the refs themselves is meant."""
        return self != Choice()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A version that was meant and is not replayed; `reason` is a sentence. `is_unchanged`: there is no need, all is as it was."""

    ref: str
    reason: str
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A version whose replay came to no verdict: `code` is that of an error of ours, empty for any other."""

    ref: str
    code: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Replays:
    """Answer of `replay` of several versions, in the order asked. `jobs` ran at a time; this process may use `cpus` processors."""

    answers: tuple[Verdicts | Unanswered, ...]
    left_out: tuple[LeftOut, ...] = ()
    jobs: int = 1
    cpus: int = 1
