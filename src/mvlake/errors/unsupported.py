"""A kind of object that mvlake cannot take."""

from mvlake.errors.root import Code, MvlakeError


class Unsupported(MvlakeError, TypeError):
    """A kind of object that mvlake cannot take."""


class NoHandler(Unsupported):
    """No handler takes this object."""

    code = Code.NO_HANDLER

    def __init__(self, type_name: str, *, reason: str) -> None:
        self.type_name, self.reason = type_name, reason
        super().__init__(f"cannot keep a {type_name}: {reason}", hint="docs/guides/handlers.md shows how to add a handler")


class CannotFingerprint(Unsupported):
    """An object whose logical content has no digest that would be true."""

    code = Code.CANNOT_FINGERPRINT

    def __init__(self, type_name: str, *, reason: str) -> None:
        self.type_name, self.reason = type_name, reason
        super().__init__(f"cannot fingerprint a {type_name}: {reason}")


class MissingLibrary(Unsupported):
    """The library that this artifact needs is not installed."""

    code = Code.MISSING_LIBRARY

    def __init__(self, handler: str, *, library: str) -> None:
        self.handler, self.library = handler, library
        super().__init__(f"the {handler} handler needs {library}, which is not installed", hint=f"pip install {library}")
