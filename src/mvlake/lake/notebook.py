"""Notebook: cells of a version, in the order in which they run, as an nbformat 4.5 document."""

from collections.abc import Sequence
from typing import Any

from mvlake.lake.cells_to_run import MAY_RAISE, CellToRun
from mvlake.records.dossier import Dossier


def notebook_of(dossier: Dossier) -> dict[str, Any]:
    """Return the notebook of a version. A cell whose source could not be read is a Markdown cell that says so."""
    cells = []
    for position, (cell, source) in enumerate(zip(dossier.version.cells, dossier.sources, strict=True), 1):
        metadata: dict[str, Any] = {"mvlake": {"tracked": cell.is_tracked}}
        if source is None:
            said = f"The source of cell {position} could not be read."
            cells.append({"cell_type": "markdown", "id": f"cell-{position}", "metadata": metadata, "source": said})
            continue
        cells.append(_code(position, source, metadata | ({"tags": [MAY_RAISE]} if cell.failed else {})))
    return _document(cells)


def replayable(cells: Sequence[CellToRun]) -> dict[str, Any]:
    """Return the notebook of what is to run again."""
    return _document(
        [
            _code(position, cell.source, {"mvlake": {"tracked": cell.is_judged}} | ({"tags": list(cell.tags)} if cell.tags else {}))
            for position, cell in enumerate(cells, 1)
        ]
    )


def _code(position: int, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    place = {"id": f"cell-{position}", "metadata": metadata}
    return {"cell_type": "code", **place, "source": source, "outputs": [], "execution_count": None}


def _document(cells: list[dict[str, Any]]) -> dict[str, Any]:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
