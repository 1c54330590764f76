"""Written by a later mvlake: install that."""

from mvlake.errors.root import Code, MvlakeError


class TooNew(MvlakeError):
    """Written by a later mvlake."""


class FormatTooNew(TooNew):
    """A lake or record of a later format."""

    code = Code.FORMAT_TOO_NEW

    def __init__(self, where: str, *, found: int, known: int) -> None:
        self.where, self.found, self.known = where, found, known
        super().__init__(f"{where} has format {found}; this mvlake knows format {known}", hint="pip install --upgrade mvlake")


class ProtocolTooNew(TooNew):
    """An artifact of a later encoding."""

    code = Code.PROTOCOL_TOO_NEW

    def __init__(self, handler: str, *, found: int, known: int) -> None:
        self.handler, self.found, self.known = handler, found, known
        message = f"written with protocol {found} of the {handler} handler; this mvlake knows {known}"
        super().__init__(message, hint="pip install --upgrade mvlake")
