"""Inputs kept: the inputs of a version's tracked cell that can be had again as they were before it ran."""

from typing import Any

from mvlake.errors import MvlakeError
from mvlake.handlers.lookup import handler_named
from mvlake.lake.dossier import read_summary_of
from mvlake.lake.hidden import hidden_in
from mvlake.lake.parts import Parts
from mvlake.lake.said import said
from mvlake.lake.stand_in import stand_in
from mvlake.records.artifact import Artifact, Role
from mvlake.records.version import Version


def inputs_kept(parts: Parts, version: Version) -> dict[str, str]:
    """Return, by name, why an input cannot be had as it was; "" where it can. Nothing is loaded to find out."""
    found = dict.fromkeys(inputs_told(version), "")
    for artifact in input_artifacts(version).values():
        found[artifact.name] = _problem(parts, version, artifact)
    for one in version.omitted:
        found.setdefault(one.name, one.reason)
    return {name: found.get(name, "it is not kept") for name in version.names.read}


def input_artifacts(version: Version) -> dict[str, Artifact]:
    """Return the inputs that are artifacts, by name."""
    return {one.name: one for one in version.artifacts if one.role is Role.INPUT}


def inputs_told(version: Version) -> dict[str, tuple[str, Any]]:
    """Return the parameters that the cell read and left alone: what the record says of others is what they were afterwards."""
    after = {*version.names.bound, *version.names.mutated}
    return {name: one for name, one in said(version).items() if name in version.names.read and name not in after}


def _problem(parts: Parts, version: Version, artifact: Artifact) -> str:
    try:
        handler = handler_named(artifact.handler)
    except MvlakeError as error:
        return error.message
    if not handler.is_inert:
        return f"it is kept by the {handler.name} handler, and loading that could run code"
    hidden = hidden_in(version, artifact)
    if hidden:
        return f"the column policy hid {hidden[0].column} of it"
    if not parts.objects.has(artifact.object):
        return "its content is not in the lake"
    comes_as = stand_in(read_summary_of(parts, artifact))
    return f"only {comes_as} is kept" if comes_as else ""
