"""Document: a comparison as JSON. Schemas: `docs/spec/diff.schema.json`, `docs/spec/comparison-table.schema.json`."""

from mvlake.compare.diff import Diff
from mvlake.compare.many import Many
from mvlake.records.canonical import Json
from mvlake.records.fields import to_fields


def to_document(diff: Diff | Many) -> Json:
    """Return the JSON of a comparison, field by field; numbers are finite, what JSON cannot say is tagged as in `records.plain`."""
    return to_fields(diff)
