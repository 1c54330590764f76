"""Possible, but not allowed: it needs a word, a right or a state that is not there."""

from collections.abc import Sequence

from mvlake.errors.root import Code, MvlakeError


class Refused(MvlakeError, PermissionError):
    """Possible, but not allowed: it needs a word, a right or a state that is not there. Raised itself where none below fits."""

    code = Code.REFUSED


class UntrustedArtifact(Refused):
    """Restoring this artifact could run code, and nobody said that it may."""

    code = Code.UNTRUSTED_ARTIFACT

    def __init__(self, ref: str, name: str, *, why: str) -> None:
        self.ref, self.name, self.why = ref, name, why
        super().__init__(
            f"loading {name} of {ref} can run code of whoever made it: {why}",
            hint=f'only if you trust its author: load("{ref}", "{name}", trust=True), or --trust',
        )


class UntrustedCode(Refused):
    """A replay would run code that this user did not make, and nobody said that it may. `told` has a line for each version."""

    code = Code.UNTRUSTED_CODE

    def __init__(self, refs: Sequence[str], *, told: Sequence[str]) -> None:
        self.refs, self.told = tuple(refs), tuple(told)
        more = f" (and {len(self.refs) - 1} more)" if len(self.refs) > 1 else ""
        super().__init__(
            f"it is not known here that you made this, and it would run with your rights: {self.told[0]}{more}",
            hint=f"read it first (`mvlake show {self.refs[0]} --slice`); if you trust it: `mvlake replay {self.refs[0]} --trust`,"
            " or trust=True",
        )


class GateClosed(Refused):
    """A version that does not meet what the lake's policy asks for before a label."""

    code = Code.GATE_CLOSED

    def __init__(self, ref: str, label: str, *, wanted: str, reason: str) -> None:
        self.ref, self.label, self.wanted, self.reason = ref, label, wanted, reason
        super().__init__(
            f"{ref} may not become @{label}: policy.toml asks for {wanted}, and {reason}", hint=f"`mvlake replay {ref}`, then again"
        )


class ReadOnlyLake(Refused):
    """The lake cannot be written."""

    code = Code.READ_ONLY_LAKE

    def __init__(self, path: str, *, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"the lake at {path} cannot be written: {reason}", hint="reading still works; `mvlake doctor` tells why")


class NothingToRollBack(Refused):
    """A label that has no earlier place."""

    code = Code.NOTHING_TO_ROLL_BACK

    def __init__(self, name: str, label: str) -> None:
        self.name, self.label = name, label
        hint = f"`labels {name}` shows its history; `promote` moves it"
        super().__init__(f"{name}@{label} has no earlier place to go back to", hint=hint)
