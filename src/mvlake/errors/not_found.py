"""There is no such thing: look at what exists, and name that."""

from collections.abc import Sequence
from difflib import get_close_matches

from mvlake.errors.root import Code, MvlakeError, clipped, listed

_COMPARED = 200


class NotFound(MvlakeError, KeyError):
    """There is no such version, artifact, label or lake."""


class VersionNotFound(NotFound):
    """No version answers to this ref."""

    code = Code.VERSION_NOT_FOUND

    def __init__(self, ref: str, *, existing: Sequence[str] = (), wanted: str = "") -> None:
        self.ref, self.existing = ref, tuple(existing)
        reason = f": {wanted}" if wanted else ""
        hint = f"there is {listed(self.existing)}" if existing else "make one with %%track NAME on top of a cell"
        super().__init__(f'no version "{clipped(ref)}" in this lake{reason}', hint=hint)


class ArtifactNotFound(NotFound):
    """The version has no artifact of this name."""

    code = Code.ARTIFACT_NOT_FOUND

    def __init__(self, ref: str, name: str, *, existing: Sequence[str] = ()) -> None:
        self.ref, self.name, self.existing = ref, name, tuple(existing)
        super().__init__(f'{ref} holds no "{clipped(name)}"', hint=f"it holds {listed(self.existing, nothing='nothing')}")


class LabelNotFound(NotFound):
    """The label points at nothing."""

    code = Code.LABEL_NOT_FOUND

    def __init__(self, name: str, label: str, *, existing: Sequence[str] = ()) -> None:
        self.name, self.label, self.existing = name, label, tuple(existing)
        labels = listed([f"@{one}" for one in self.existing], nothing=f"no label yet; `promote {name}:latest {label}` sets it")
        super().__init__(f"{clipped(name)} has no @{clipped(label)}", hint=f"it has {labels}")


class MetricNotFound(NotFound):
    """No version of this name, or of any, has this metric."""

    code = Code.METRIC_NOT_FOUND

    def __init__(self, metric: str, name: str | None = None, *, existing: Sequence[str] = ()) -> None:
        self.metric, self.name, self.existing = metric, name, tuple(existing)
        whose = f"no version of {clipped(name)}" if name is not None else "no version"
        said = f'{whose} has a metric "{clipped(metric)}"' if metric else "say by which metric"
        near = get_close_matches(metric[:_COMPARED], [one for one in existing[:_COMPARED] if len(one) <= _COMPARED], 1)
        known = listed([clipped(one, 40) for one in existing], nothing="none: `metric VARIABLE` says that a variable is one")
        super().__init__(said, hint=f"{f'did you mean {clipped(near[0])}? ' if near else ''}there is {known}")


class LakeNotFound(NotFound):
    """There is no lake at, or above, this path."""

    code = Code.LAKE_NOT_FOUND

    def __init__(self, path: str, *, hint: str = "`mvlake init` makes one here; MVLAKE_LAKE names one elsewhere") -> None:
        self.path = path
        super().__init__(f"no lake (.mvlake) at or above {path}", hint=hint)
