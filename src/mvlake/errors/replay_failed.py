"""A replay could not give an answer: the reason says why."""

from collections.abc import Sequence

from mvlake.errors.root import Code, MvlakeError, clipped, listed


class ReplayFailed(MvlakeError):
    """A replay that could not give an answer."""


class CannotReplay(ReplayFailed):
    """A version that cannot be replayed at all."""

    code = Code.CANNOT_REPLAY

    def __init__(self, ref: str, *, reason: str, hint: str = "") -> None:
        self.ref, self.reason = ref, reason
        super().__init__(f"{ref} cannot be replayed: {reason}", hint=hint)


class NothingToReplay(ReplayFailed):
    """No version is left of those that were meant: what replayed nothing has shown nothing."""

    code = Code.NOTHING_TO_REPLAY

    def __init__(self, refs: Sequence[str], *, since: str = "", left_out: Sequence[str] = ()) -> None:
        self.refs, self.since, self.left_out = tuple(refs), since, tuple(left_out)
        meant = listed([clipped(ref) for ref in refs]) if refs else "the names of this lake"
        told = f"; left out: {'; '.join(self.left_out[:4])}" if left_out else ""
        made = f", made after {clipped(since)}" if since else ""
        super().__init__(
            f"there is no version to replay of {meant}{made}{told}",
            hint="`mvlake log` lists versions; --allow-empty says that none is right too",
        )
