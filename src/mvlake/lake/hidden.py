"""Hidden: what column rules hid of an artifact, as its version tells, and how whoever loads it hears of it."""

import warnings
from collections.abc import Collection

from mvlake.handlers.screen import RULE
from mvlake.records.artifact import Artifact
from mvlake.records.column_rule import ColumnAction
from mvlake.records.redaction import Redaction
from mvlake.records.version import Version

_SAID = {f"{RULE}{ColumnAction.HASH}": "hashed", f"{RULE}{ColumnAction.MASK}": "masked", f"{RULE}{ColumnAction.DROP}": "dropped"}
_FEW = 20
_USERS = 5  # frames up to who called `Lake.load`, past its check of arguments


class HiddenColumns(UserWarning):
    """What was loaded is not what the cell had: a column policy hid columns before it was kept."""


def hidden_in(version: Version, artifact: Artifact) -> tuple[Redaction, ...]:
    """Return the columns that were hidden in an artifact. A result is the variable that it was, by its digest."""
    names = {one.name for one in version.artifacts if one.digest == artifact.digest}
    return tuple(one for one in version.redacted if one.column and one.place.partition(" ")[2] in names)


def tell_hidden(version: Version, artifact: Artifact, columns: Collection[str] | None = None) -> None:
    """Warn of columns that were hidden, of these or of any."""
    found = {one.column: _how(one) for one in hidden_in(version, artifact) if columns is None or one.column in columns}
    if found:
        shown = ", ".join(f"{column} ({how})" for column, how in list(found.items())[:_FEW])
        more = f" and {len(found) - _FEW:,} more" if len(found) > _FEW else ""
        said = f"{artifact.name} of {version.ref} is as the column policy left it: {shown}{more}"
        warnings.warn(said, HiddenColumns, stacklevel=_USERS)


def hashed_in(version: Version, artifact: Artifact) -> frozenset[str]:
    """Return the columns of an artifact that are hashes."""
    return frozenset(one.column for one in hidden_in(version, artifact) if _how(one) == "hashed")


def _how(one: Redaction) -> str:
    return _SAID.get(one.rule, one.rule)
