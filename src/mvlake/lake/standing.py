"""Standing: in which earlier versions of a lake the data of a version stood already, by their digests."""

from collections.abc import Mapping

from mvlake.errors import MvlakeError
from mvlake.lake.parts import Parts
from mvlake.records.answers import Entry
from mvlake.records.artifact import Role
from mvlake.records.digest import Digest

_MOST = 50  # digests that are asked for


def standing(parts: Parts, entry: Entry) -> Mapping[Digest, str]:
    """Return for digests of data the version that had it first, `fraud:v1/df`; nothing for what this one is the first to have.

    It is asked of the index. Where that cannot answer, nothing is told: a version is shown all the same.
    """
    version = entry.version
    data = [one.digest for one in version.artifacts if one.role in (Role.INPUT, Role.OUTPUT)]
    wanted = list(dict.fromkeys(data))[:_MOST]
    if not wanted:
        return {}
    listed = ", ".join(f"'{digest}'" for digest in wanted)
    query = (
        "select digest, min_by(ref, seq), min_by(artifact, seq) from artifacts "  # noqa: S608 - of hexadecimal digits and a number
        f"where digest in ({listed}) and role in ('input', 'output') and seq < {entry.seq} group by digest"
    )
    try:
        rows = parts.index.query(query).rows
    except MvlakeError:
        return {}
    return {Digest(str(digest)): f"{ref}/{name}" for digest, ref, name in rows}
