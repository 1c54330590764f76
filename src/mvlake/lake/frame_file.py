"""Frame file: a frame that lies in a file, as one of the library of the kept frame that it is compared with."""

from pathlib import Path
from typing import Any

from mvlake.errors import MvlakeError
from mvlake.handlers.lookup import handler_named
from mvlake.lake.load import LIBRARIES, open_table
from mvlake.lake.parts import Parts
from mvlake.records.artifact import Artifact


def read_frame(path: Path, parts: Parts, like: Artifact) -> tuple[Any, str]:
    """Return the frame in a file, and what is to be known of how it was read; Invalid for what is no file of a frame."""
    from mvlake.handlers.frame_file import read_frame_file  # brings pyarrow

    def schema() -> Any:
        try:
            return open_table(parts, like).schema()
        except (MvlakeError, ValueError):  # then the file alone says what its columns are
            return ()

    table, note = read_frame_file(path, schema)
    library = like.handler if like.handler in LIBRARIES.values() else "pyarrow"
    return handler_named(library).from_table(table), note
