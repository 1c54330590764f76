"""Notebook: the cells of a version, in the order in which they ran, as an nbformat 4.5 document."""

from typing import Any

from mvlake.records.dossier import Dossier
from mvlake.records.source import without_directive
from mvlake.records.version import Origin


def notebook_of(dossier: Dossier) -> dict[str, Any]:
    """Return the notebook of a version. A cell whose source could not be read is a Markdown cell that says so."""
    cells = []
    for position, (cell, source) in enumerate(zip(dossier.version.cells, dossier.sources, strict=True), 1):
        common: dict[str, Any] = {"id": f"cell-{position}", "metadata": {"mvlake": {"tracked": cell.is_tracked}}}
        if source is None:
            cells.append({"cell_type": "markdown", **common, "source": f"The source of cell {position} could not be read."})
            continue
        if cell.failed:
            common["metadata"]["tags"] = ["raises-exception"]
        cells.append({"cell_type": "code", **common, "source": source, "outputs": [], "execution_count": None})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}


def replayable(dossier: Dossier) -> dict[str, Any]:
    """Return the notebook that makes a version of the same name once more, wherever captures go in the kernel that runs it."""
    notebook = notebook_of(dossier)
    name, origin = dossier.version.name, dossier.version.origin
    for cell in notebook["cells"]:
        body = without_directive(cell["source"])
        is_tracked = cell["metadata"]["mvlake"]["tracked"] and origin in (Origin.CELL, Origin.AUTO)
        indent = body[: len(body) - len(body.lstrip(" \t"))]  # a cell may be indented as a whole
        cell["source"] = f"{indent}%%track {name}\n{body}" if is_tracked else body
    if origin is Origin.SNAPSHOT:
        last: dict[str, Any] = {"cell_type": "code", "id": "snapshot", "metadata": {}, "outputs": [], "execution_count": None}
        notebook["cells"].append(last | {"source": f"%mv snapshot {name}"})
    return notebook
