import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def module(name):
    """Load a file of the benchmarks, which are no package of ours."""
    spec = importlib.util.spec_from_file_location(f"benchmarks_{name}", ROOT / "benchmarks" / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


figure = module("figure")
parquet = module("parquet")


def test_less_is_better_than_the_peer_and_within_the_goal():
    one = figure.Figure("stored", 2.0, 4, 1, "MB", peers={"Parquet": 80.0})
    assert one.verdict == "met"
    assert one.times("Parquet") == 40


def test_of_a_rate_more_is_better():
    one = figure.Figure("hashed", 2.0, 4, 1, "GB/s", is_rate=True, peers={"other": 8.0})
    assert one.verdict == "missed"
    assert one.times("other") == 0.25


def test_what_has_no_goal_has_no_verdict():
    assert figure.Figure("waited", 2.0, None, 1).verdict == ""


def test_the_table_has_a_line_for_each_figure():
    lines = figure.table([figure.Figure("a", 1234.5, 2, 1), figure.Figure("b", 0.0123, None, 9, peers={"dvc": 1.23})]).splitlines()
    assert len(lines) == 3
    assert "1,234 ms" in lines[1]
    assert "missed" in lines[1]
    assert lines[2].endswith("dvc 100")


def test_pages_of_a_parquet_file_are_found_whole(tmp_path):
    import pandas as pd

    file, changed = tmp_path / "a.parquet", tmp_path / "b.parquet"
    frame = pd.DataFrame({"n": range(300_000), "s": [f"name {n % 977}" for n in range(300_000)]})
    parquet.write(frame, file, cuts_by_content=True)
    parquet.write(frame.drop(columns="s"), changed, cuts_by_content=True)
    pages = parquet.pages(file)
    assert sum(pages.values()) == parquet.size_of_columns(file)
    assert set(parquet.pages(changed)) < set(pages)
