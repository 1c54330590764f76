"""What a lake lies in does not answer: try again when it does."""

from mvlake.errors.root import Code, MvlakeError


class Unreachable(MvlakeError, ConnectionError):
    """A bucket that does not answer, or not with what was asked: the network, an endpoint, a server that is too busy."""

    code = Code.UNREACHABLE

    def __init__(self, location: str, *, reason: str, hint: str) -> None:
        self.location, self.reason = location, reason
        super().__init__(f"the lake at {location} cannot be reached: {reason}", hint=hint)
