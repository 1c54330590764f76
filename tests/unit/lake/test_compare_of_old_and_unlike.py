"""Comparisons of versions that have nothing in common, and of such as a writer of before wrote, without the fields of now."""

import numpy as np
import pandas as pd

from mvlake.compare.diff import Change
from mvlake.lake.lake import Lake
from mvlake.view.html import as_html
from mvlake.view.text import as_text


def test_versions_without_a_common_artifact_are_all_added_and_removed(lake, commit):
    frame = pd.DataFrame({"a": np.arange(5)})
    commit(lake, source="x = 1", inputs={"df": frame}, outputs={"kept": [1, 2]}, depth=1)
    commit(lake, source="print()", inputs={"other": frame + 1}, outputs={}, depth=2)
    diff = lake.compare("fraud:v1", "fraud:v2")
    assert {one.name: one.change for one in diff.data} == {
        "df": Change.REMOVED,
        "kept": Change.REMOVED,
        "other": Change.ADDED,
    }
    back = lake.compare("fraud:v2", "fraud:v1")
    assert {one.name: one.change for one in back.data} == {"df": Change.ADDED, "kept": Change.ADDED, "other": Change.REMOVED}
    assert diff.problems == ()
    assert as_text(diff)
    assert as_html(diff)


def test_records_of_an_older_writer_are_compared_as_far_as_they_tell(tmp_path, forger):
    Lake.open(tmp_path / "project")
    lake = Lake.open(tmp_path / "project", create=False)
    forge = forger(lake._parts.store)
    forge.version()
    cells = [{"source": "b3:" + "0" * 64, "is_tracked": False}, {"source": "b3:" + "1" * 64, "is_tracked": True}]
    forge.version(number=2, parent=1, cells=cells)
    lake = Lake.open(tmp_path / "project", create=False)
    diff = lake.compare("fraud:v1", "fraud:v2", cells="all")
    assert diff.cells == "slice"
    assert any("all cells that ran" in one and "not recorded" in one for one in diff.problems)
    assert sum("the text of cell" in one for one in diff.problems) == 2
    assert (diff.params, diff.metrics, diff.data, diff.series) == ((), (), (), ())
    assert lake.compare("fraud:v1", "fraud:v1", cells="all").is_empty
    assert as_text(diff)
