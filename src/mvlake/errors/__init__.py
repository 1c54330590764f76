"""Every error that mvlake raises on purpose, as one tree sorted by what the catcher will do.

::

    MvlakeError
    ├── NotFound      (KeyError)         VersionNotFound, ArtifactNotFound, LabelNotFound, MetricNotFound, LakeNotFound
    ├── Invalid       (ValueError)       InvalidName, InvalidRef, InvalidTime, InvalidQuery, InvalidVerb
    ├── Ambiguous     (ValueError)       AmbiguousRef, AmbiguousArtifact
    ├── Refused       (PermissionError)  UntrustedArtifact, UntrustedCode, GateClosed, ReadOnlyLake, NothingToRollBack
    ├── Conflict                         CommitConflict
    ├── Unsupported   (TypeError)        NoHandler, CannotFingerprint, MissingLibrary
    ├── Damaged                          DamagedObject, MissingObject, DamagedRecord, DamagedLake
    ├── TooNew                           FormatTooNew, ProtocolTooNew
    ├── ReplayFailed                     CannotReplay, NothingToReplay
    └── Unreachable   (ConnectionError)  itself: a bucket that does not answer

A code is append-only: programs may match on it for ever. `docs/errors.md` has a row for each. Each branch is a file here.
"""

from mvlake.errors.ambiguous import Ambiguous, AmbiguousArtifact, AmbiguousRef
from mvlake.errors.conflict import CommitConflict, Conflict
from mvlake.errors.damaged import Damaged, DamagedLake, DamagedObject, DamagedRecord, MissingObject
from mvlake.errors.invalid import Invalid, InvalidName, InvalidQuery, InvalidRef, InvalidTime, InvalidVerb
from mvlake.errors.not_found import ArtifactNotFound, LabelNotFound, LakeNotFound, MetricNotFound, NotFound, VersionNotFound
from mvlake.errors.refused import GateClosed, NothingToRollBack, ReadOnlyLake, Refused, UntrustedArtifact, UntrustedCode
from mvlake.errors.replay_failed import CannotReplay, NothingToReplay, ReplayFailed
from mvlake.errors.root import Code, MvlakeError, listed
from mvlake.errors.too_new import FormatTooNew, ProtocolTooNew, TooNew
from mvlake.errors.unreachable import Unreachable
from mvlake.errors.unsupported import CannotFingerprint, MissingLibrary, NoHandler, Unsupported

__all__ = [
    "Ambiguous",
    "AmbiguousArtifact",
    "AmbiguousRef",
    "ArtifactNotFound",
    "CannotFingerprint",
    "CannotReplay",
    "Code",
    "CommitConflict",
    "Conflict",
    "Damaged",
    "DamagedLake",
    "DamagedObject",
    "DamagedRecord",
    "FormatTooNew",
    "GateClosed",
    "Invalid",
    "InvalidName",
    "InvalidQuery",
    "InvalidRef",
    "InvalidTime",
    "InvalidVerb",
    "LabelNotFound",
    "LakeNotFound",
    "MetricNotFound",
    "MissingLibrary",
    "MissingObject",
    "MvlakeError",
    "NoHandler",
    "NotFound",
    "NothingToReplay",
    "NothingToRollBack",
    "ProtocolTooNew",
    "ReadOnlyLake",
    "Refused",
    "ReplayFailed",
    "TooNew",
    "Unreachable",
    "Unsupported",
    "UntrustedArtifact",
    "UntrustedCode",
    "VersionNotFound",
    "listed",
]
