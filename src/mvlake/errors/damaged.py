"""Bytes are not what was written: restore them from a copy."""

from mvlake.errors.root import Code, MvlakeError


class Damaged(MvlakeError):
    """Bytes that are not what was written."""


class DamagedObject(Damaged):
    """An object whose bytes do not have the digest that is its name."""

    code = Code.DAMAGED_OBJECT

    def __init__(self, digest: str, *, where: str, found: str) -> None:
        self.digest, self.where, self.found = digest, where, found
        super().__init__(
            f"object {digest} is damaged: {where} holds {found}",
            hint="`mvlake verify` lists what else is; restore the file from a copy",
        )


class MissingObject(Damaged):
    """An object that a record names and that is nowhere."""

    code = Code.MISSING_OBJECT

    def __init__(self, digest: str, *, why: str = "", hint: str = "`mvlake verify` lists more, `mvlake repair` helps") -> None:
        self.digest, self.why = digest, why
        super().__init__(f"object {digest} is missing" + f": {why}" * bool(why), hint=hint)


class DamagedRecord(Damaged):
    """A record that is unreadable, or does not follow from the one before it."""

    code = Code.DAMAGED_RECORD

    def __init__(self, seq: int, *, reason: str) -> None:
        self.seq, self.reason = seq, reason
        super().__init__(f"record {seq} is damaged: {reason}", hint="`mvlake verify` tells how far; restore the file from a copy")


class DamagedLake(Damaged):
    """A lake whose lake.toml cannot be read."""

    code = Code.DAMAGED_LAKE

    def __init__(self, path: str, *, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path} is no readable lake: {reason}", hint="restore lake.toml from a copy; the records are untouched")
