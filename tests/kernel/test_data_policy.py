"""How much of data is kept: what a cell asks for, and what the lake's policy allows."""

import pytest

from mvlake import Lake
from mvlake.errors import Invalid
from mvlake.records.summary import FrameSummary

MAKE = "import pandas as pd, numpy as np\ndf = pd.DataFrame({'x': range(1000), 'y': 1.5})\na = np.arange(1000.0)"
USE = "%%track t {0}\nout = df.assign(z={1})\nb = a + {1}\nmodel = [len(out)]"


def version(tmp_path, number):
    lake = Lake.open(tmp_path / "lake")
    shown = lake.show(f"t:v{number}")
    return lake, shown.entry.version, {one.name: one for one in shown.entry.version.artifacts}, shown.dossier.summaries


def reasons(found):
    return {one.name: one.reason for one in found.omitted}


def test_a_cell_asks_for_less_and_the_policy_allows_no_more(start_kernel, tmp_path):
    kernel = start_kernel()
    kernel.run(MAKE)
    kernel.run(USE.format("", 1))
    lake, _, full, _ = version(tmp_path, 1)
    assert full["df"].handler == "pandas"

    ran = kernel.run(USE.format("--data profile", 2))
    assert ran.error is None
    lake, found, kept, summaries = version(tmp_path, 2)
    assert {name: kept[name].handler for name in ("df", "out", "a", "b")} == dict.fromkeys(("df", "out", "a", "b"), "profile")
    assert kept["df"].digest == full["df"].digest  # compared and traced as if it were there
    assert isinstance(summaries[kept["out"].summary], FrameSummary)
    assert "--data profile" in reasons(found)["out"]
    with pytest.raises(Invalid, match="profile"):
        lake.load("t:v2", "out")
    assert [one.change.value for one in lake.compare("t:v1", "t:v2").data if one.name == "df"] == ["unchanged"]

    kernel.run(USE.format("--data none", 3))
    _, found, kept, _ = version(tmp_path, 3)
    assert {"df", "out", "a", "b"}.isdisjoint(kept)
    assert {"df", "out", "a", "b"} <= set(reasons(found))

    policy = tmp_path / "lake" / ".mvlake" / "policy.toml"
    policy.write_text('[data]\nceiling = "5 KB"\n')
    kernel.run(USE.format("", 4))
    _, found, kept, _ = version(tmp_path, 4)
    assert kept["out"].handler == "profile"
    assert "--data full" in reasons(found)["out"]
    kernel.run(USE.format("--data full", 5))
    _, found, kept, _ = version(tmp_path, 5)
    assert (kept["out"].handler, found.omitted) == ("pandas", ())

    policy.write_text('[data]\nkeep = "profile"\n')
    kernel.run(USE.format("--data full", 6))
    _, found, kept, _ = version(tmp_path, 6)
    assert kept["out"].handler == "profile"
    assert "policy.toml" in reasons(found)["out"]
    assert kernel.run("%%track t --data some\nx = 1").status == "error"
    assert lake.verify(data=True).is_clean
