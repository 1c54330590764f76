"""A text or value is not what it should be: type it differently."""

from collections.abc import Sequence

from mvlake.errors.root import Code, MvlakeError, clipped, listed


class Invalid(MvlakeError, ValueError):
    """A text or value that is not what it should be. Raised itself where no class below says more."""

    code = Code.INVALID


class InvalidName(Invalid):
    """A name of a version, label or tag that mvlake does not accept."""

    code = Code.INVALID_NAME

    def __init__(self, kind: str, name: str, *, existing: Sequence[str] = ()) -> None:
        self.kind, self.name, self.existing = kind, name, tuple(existing)
        known = f"; there is {listed(self.existing)}" if existing else ""
        super().__init__(
            f'"{clipped(name)}" is no {kind} name: wanted 1 to 100 of a-z A-Z 0-9 . _ -, a letter or digit first, no ".."',
            hint=f"for example fraud-detector{known}",
        )


class InvalidRef(Invalid):
    """A text that cannot name a version."""

    code = Code.INVALID_REF

    def __init__(self, ref: str, *, existing: Sequence[str] = ()) -> None:
        self.ref, self.existing = ref, tuple(existing)
        known = f"; there is {listed(self.existing)}" if existing else ""
        super().__init__(
            f'"{clipped(ref)}" is no ref',
            hint=f"name:v47, name:latest, name@production, name:v47~1 or a digest of at least 6 digits{known}",
        )


class InvalidTime(Invalid):
    """A text that is not a moment."""

    code = Code.INVALID_TIME

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f'"{clipped(text)}" is no time', hint="2026-03-03, 2026-03-03T14:00 or 2026-03-03T14:00+01:00 (else UTC)")


class InvalidQuery(Invalid):
    """SQL that DuckDB refused."""

    code = Code.INVALID_QUERY

    def __init__(self, reason: str, *, tables: Sequence[str] = ()) -> None:
        self.reason, self.tables = reason, tuple(tables)
        super().__init__(f"the query was refused: {reason}", hint=f'one SELECT over {listed(self.tables)}, "NAME:v1/df"')


class InvalidVerb(Invalid):
    """A command line that does not fit the verb."""

    code = Code.INVALID_VERB

    def __init__(self, reason: str, *, usage: str = "") -> None:
        self.reason, self.usage = reason, usage
        super().__init__(reason, hint=usage or "`help` lists the verbs")
