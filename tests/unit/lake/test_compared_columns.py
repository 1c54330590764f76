"""How the values of columns moved between two versions of a lake."""

from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy.stats import ks_2samp

from mvlake.compare.distribution import Basis, Shift
from mvlake.lake.lake import Lake
from mvlake.lake.manner import Manner
from mvlake.records.artifact import Role


@pytest.fixture
def both(disk, new_draft):
    def both(a, b, **asked):
        for number, frame in enumerate((a, b)):
            disk.commit(new_draft(disk, "t", source=f"x = {number}", outputs={"df": frame}))
        return disk.compare("t:v1", "t:v2", **asked)

    return both


def columns(diff):
    return {one.name: one for one in next(one for one in diff.data if one.name == "df").columns}


def frame(random, mean, countries):
    return pd.DataFrame({"age": random.normal(mean, 10, 400), "country": random.choice(countries, 400), "same": range(400)})


def test_a_column_that_changed_has_distributions_and_measures_and_an_equal_one_has_not(both):
    random = np.random.default_rng(3)
    found = columns(both(frame(random, 40, ["de", "fr"]), frame(random, 55, ["de", "it"])))
    age = {one.name: one for one in found["age"].drift}
    assert age["population_stability_index"].shift is Shift.STRONG
    assert age["kolmogorov_smirnov"].shift is Shift.STRONG
    assert len(found["age"].distribution.a) == len(found["age"].distribution.labels) > 5
    country = {one.name: one for one in found["country"].drift}
    assert country["new_category_rate"].value == pytest.approx(0.5, abs=0.1)
    assert found["same"].distribution is None
    assert found["same"].drift == ()


def test_a_quick_look_asks_for_none(both):
    random = np.random.default_rng(3)
    found = columns(both(frame(random, 40, ["de"]), frame(random, 55, ["fr"]), quick=True))
    assert all(one.distribution is None and not one.drift for one in found.values())


def test_figures_are_exact_of_rows_that_are_few(both):
    random = np.random.default_rng(3)
    a, b = frame(random, 40, ["de", "fr"]), frame(random, 42, ["de", "it"])
    found = columns(both(a, b))["age"]
    exact = ks_2samp(a["age"], b["age"]).statistic
    assert {one.name: one.value for one in found.drift}["kolmogorov_smirnov"] == pytest.approx(exact)
    assert found.distribution.basis is Basis.EXACT
    assert {one.basis for one in found.drift} == {Basis.EXACT}


@pytest.mark.parametrize("library", [pl.from_pandas, lambda frame: pa.Table.from_pandas(frame, preserve_index=False)])
def test_frames_of_other_libraries_are_compared_alike(both, library):
    random = np.random.default_rng(3)
    a, b = frame(random, 40, ["de", "fr"]), frame(random, 42, ["de", "it"])
    found = columns(both(library(a), library(b)))
    assert {one.name: one.value for one in found["age"].drift}["kolmogorov_smirnov"] == pytest.approx(
        ks_2samp(a["age"], b["age"]).statistic
    )
    assert found["country"].distribution.basis is Basis.EXACT


def test_a_damaged_frame_is_a_problem_and_its_profile_is_told(both, disk, tmp_path):
    random = np.random.default_rng(3)
    both(*(pd.DataFrame({"age": random.normal(mean, 10, 30_000)}) for mean in (40, 55)))
    pack = max((tmp_path / "project" / ".mvlake").glob("objects/*/*.pack"), key=lambda path: path.stat().st_mtime_ns)
    data = bytearray(pack.read_bytes())
    middle = len(data) // 2  # of numbers at random, whose bytes are most of the pack
    data[middle : middle + 64] = bytes(64)
    pack.unlink()
    pack.write_bytes(data)
    found = Lake.open(tmp_path / "project").compare("t:v1", "t:v2")
    assert any("damaged" in one or "is not" in one or "differ" in one for one in found.problems)
    age = columns(found)["age"]
    assert age.distribution.basis is Basis.ESTIMATED
    assert Shift.STRONG in {one.shift for one in age.drift}


def test_data_kept_as_its_profile_is_compared_by_profiles(disk, new_draft):
    random = np.random.default_rng(3)
    for number, mean in ((1, 40), (2, 55)):
        kept = disk.preserve(Role.OUTPUT, "df", frame(random, mean, ["de"]), Manner(without="somebody said so"))
        disk.commit(replace(new_draft(disk, "t", source=f"x = {number}"), artifacts=(kept,)))
    found = disk.compare("t:v1", "t:v2")
    age = columns(found)["age"]
    assert age.distribution.basis is Basis.ESTIMATED
    assert Shift.STRONG in {one.shift for one in age.drift}
    assert not found.problems


def test_columns_of_one_name_are_not_mistaken_for_another(both):
    a = pd.DataFrame(np.arange(30.0).reshape(10, 3), columns=["x", "x", "y"])
    found = both(a, a * 2).data[0]
    assert [(one.name, bool(one.drift)) for one in found.columns] == [("x", False), ("x", False), ("y", True)]


def test_what_is_hidden_by_a_policy_stays_hidden(disk, new_draft, tmp_path):
    random = np.random.default_rng(3)
    (tmp_path / "project" / ".mvlake" / "policy.toml").write_text('[columns]\nmask = ["age"]\nhash = ["country"]\n')
    for number, mean in ((1, 40), (2, 55)):
        disk.commit(new_draft(disk, "t", source=f"x = {number}", outputs={"df": frame(random, mean, ["de", "fr"])}))
    found = columns(disk.compare("t:v1", "t:v2"))
    assert found["age"].distribution is None
    assert "de" not in found["country"].distribution.labels
    assert found["country"].drift


def test_a_wide_frame_is_bounded(both):
    wide = pd.DataFrame(np.zeros((3, 3000)), columns=[f"c{one}" for one in range(3000)])
    found = both(wide, wide + 1).data[0].columns
    assert len(found) == 3000
    assert sum(bool(one.drift) for one in found) == 1000
