"""A replay could not give an answer: the reason says why."""

from mvlake.errors.root import Code, MvlakeError


class ReplayFailed(MvlakeError):
    """A replay that could not give an answer."""


class CannotReplay(ReplayFailed):
    """A version that cannot be replayed at all."""

    code = Code.CANNOT_REPLAY

    def __init__(self, ref: str, *, reason: str, hint: str = "") -> None:
        self.ref, self.reason = ref, reason
        super().__init__(f"{ref} cannot be replayed: {reason}", hint=hint)
