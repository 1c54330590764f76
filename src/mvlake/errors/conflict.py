"""Somebody else moved first: try again."""

from mvlake.errors.root import Code, MvlakeError


class Conflict(MvlakeError):
    """Somebody else moved first. Raised itself where the class below does not say it."""

    code = Code.CONFLICT


class CommitConflict(Conflict):
    """A commit that lost its number to others too many times in a row."""

    code = Code.COMMIT_CONFLICT

    def __init__(self, tries: int) -> None:
        self.tries = tries
        super().__init__(f"others committed first {tries} times in a row; nothing was lost or written", hint="try again")
