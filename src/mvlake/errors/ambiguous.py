"""A short text fits several things: say more."""

from collections.abc import Sequence

from mvlake.errors.root import Code, MvlakeError, clipped, listed


class Ambiguous(MvlakeError, ValueError):
    """A short text that fits several things."""


class AmbiguousRef(Ambiguous):
    """A ref that fits several versions."""

    code = Code.AMBIGUOUS_REF

    def __init__(self, ref: str, *, candidates: Sequence[str]) -> None:
        self.ref, self.candidates = ref, tuple(candidates)
        super().__init__(f'"{clipped(ref)}" fits {len(self.candidates)} versions', hint=f"say which: {listed(self.candidates)}")


class AmbiguousArtifact(Ambiguous):
    """A version in which several artifacts could be meant."""

    code = Code.AMBIGUOUS_ARTIFACT

    def __init__(self, ref: str, *, candidates: Sequence[str]) -> None:
        self.ref, self.candidates = ref, tuple(candidates)
        super().__init__(f"{ref} holds {len(self.candidates)} that could be meant", hint=f"say which: {listed(self.candidates)}")
