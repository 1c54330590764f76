"""The world of a version is laid out in its folder, whatever paths, names and values the lake tells, and nowhere else."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mvlake import Lake, track
from mvlake.lake.dossier import read_dossier
from mvlake.lake.history import find
from mvlake.lake.site import Site
from mvlake.lake.world import lay_out
from mvlake.lake.world_variables import variables_of
from mvlake.records.environment import Environment, ThreadPool, Variable
from mvlake.records.events import DifferenceKind
from mvlake.records.files import FileUse, Flow, PlaceKind
from mvlake.records.summary import CodeSummary


def environment(variables=(), pools=()):
    return Environment("3.12.1", "CPython", "Linux 6.1", "x86_64", "", 2, {}, variables=variables, pools=pools)


OUTSIDE = ["/etc/passwd", "../" * 14 + "x", "~/x", "a/../" + "../" * 14 + "x", "x\0y", "", "x" * 5000]


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_path_that_leads_out_is_no_place(tmp_path, path):
    site = Site.below(tmp_path, path)
    assert site.folder == site.project
    assert site.inside(site.project, path) is None


def test_a_path_with_dots_that_stays_inside_is_where_the_code_looks(tmp_path):
    site = Site.below(tmp_path, "a/b")
    place = site.place_of(FileUse("../../../shared/x.csv", Flow.READ, PlaceKind.FILE))
    assert place == Path(os.path.normpath(site.folder / "../../../shared/x.csv"))
    assert place.is_relative_to(tmp_path)


@pytest.fixture
def laid_out(tmp_path):
    """Return a function that lays out the world of a version with these files and modules."""
    lake = Lake.open(tmp_path / "lake")
    with track("given", lake=lake) as run:
        run.param(x=1)
    parts = lake._parts
    dossier = read_dossier(parts, find(parts, "given:v1"))
    count = iter(range(100))

    def make(*, files=(), modules=(), folder=""):
        from mvlake.lake.preserve import preserve_code

        drafts = [preserve_code(name, text.encode(), CodeSummary("module", path, 1)) for name, path, text in modules]
        from mvlake.lake.commit import put_artifact

        objects = {}
        artifacts = tuple(put_artifact(one, objects) for one in drafts)
        version = replace(dossier.version, files=files, artifacts=artifacts, omitted=(), folder=folder)
        summaries = {made.summary: draft.summary for made, draft in zip(artifacts, drafts, strict=True)}
        told = replace(dossier, version=version, summaries=summaries, modules={name: text for name, _, text in modules})
        return lay_out(parts, told, tmp_path / f"world-{next(count)}", here=tmp_path, environment={"PATH": "/bin"})

    return make


def all_files(world):
    top = next(one for one in world.folder.parents if one.name.startswith("world-"))
    return {path for path in top.rglob("*") if path.is_file()}


def test_modules_lie_where_their_names_and_paths_say(laid_out):
    modules = [
        ("pkg", "src/pkg/__init__.py", "A = 1"),
        ("pkg.deep", "src/pkg/deep.py", "B = 2"),
        ("helper", "notebooks/helper.py", "C = 3"),
        ("far", "…/far.py", "D = 4"),
        ("far_away.inner", "…/far_away/inner.py", "E = 5"),
        ("renamed", "lib/other.py", "F = 6"),
    ]
    world = laid_out(modules=modules, folder="notebooks")
    assert world.differences == ()
    said = subprocess.run(
        [sys.executable, "-c", "import pkg.deep, helper, far, far_away.inner as i; print(pkg.A, pkg.deep.B, helper.C, far.D, i.E)"],
        env=dict(world.environment), cwd=world.folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.split() == ["1", "2", "3", "4", "5"]
    assert (world.folder.parent / "lib/other.py").read_text() == "F = 6"


HOSTILE = [
    ("evil", "/etc/cron.d/evil.py"),
    ("evil", "../" * 14 + "evil.py"),
    ("..", "…/../evil.py"),
    ("a.b", "…/a/../../../b.py"),
    ("evil", "evil.pth"),
    ("evil", "x\0y.py"),
    ("evil", ""),
    ("class", "…/class.py"),
]


@pytest.mark.parametrize(("name", "path"), HOSTILE)
def test_a_hostile_module_is_told_and_lies_nowhere_else(laid_out, tmp_path, name, path):
    before = set(tmp_path.rglob("*.py"))
    world = laid_out(modules=[(name, path, "raise SystemExit")])
    assert [one.kind for one in world.differences] == [DifferenceKind.MODULE]
    assert all_files(world) == set()
    assert set(tmp_path.rglob("*.py")) == before


def test_of_a_path_from_elsewhere_no_more_counts_than_the_name_says(laid_out):
    world = laid_out(modules=[("evil", "…/" + "../" * 14 + "evil.py", "A = 1")])
    assert [one.parent.name for one in all_files(world)] == ["modules"]


def test_a_module_whose_folder_is_a_file_is_told(laid_out):
    world = laid_out(modules=[("a", "a.py", "A = 1"), ("b", "a.py/b.py", "B = 1")])
    assert [one.name for one in world.differences] == ["b"]


def test_what_was_read_over_the_network_is_told(laid_out):
    url = FileUse("https://a.org/x.csv", Flow.READ, PlaceKind.URL, problem="its content is not kept")
    host = FileUse("db:5432", Flow.READ, PlaceKind.HOST)
    written = FileUse("out/y.csv", Flow.WRITTEN, PlaceKind.FILE, relative="out/y.csv")
    world = laid_out(files=(url, host, written))
    assert {(one.kind, one.name) for one in world.differences} == {
        (DifferenceKind.URL, "https://a.org/x.csv"),
        (DifferenceKind.HOST, "db:5432"),
    }
    assert (world.folder / "out").is_dir()


def test_a_kernel_gets_what_decides_and_nothing_that_would_hinder_it():
    recorded = environment(
        variables=(
            Variable("PYTHONHASHSEED", "7"),
            Variable("OMP_NUM_THREADS", "4,2"),
            Variable("MKL_NUM_THREADS", "$(reboot)"),
            Variable("LD_PRELOAD", "/tmp/evil.so"),
            Variable("PYTHONPATH", "evil"),
            Variable("TZ", "Europe/Vienna"),
            Variable("LC_ALL", "C.UTF-8"),
        )
    )
    here = {"PATH": "/bin", "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "LANG": "de"}
    found = variables_of(here, recorded)
    told = {"PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "4,2", "TZ": "Europe/Vienna", "LC_ALL": "C.UTF-8"}
    assert found == {"PATH": "/bin", **told}
    assert variables_of(here, None) == here


def test_threads_are_as_many_as_there_were():
    pools = (
        ThreadPool("blas", "openblas Haswell", "0.3", 4),
        ThreadPool("blas", "openblas Haswell", "0.2", 4),
        ThreadPool("openmp", "libgomp", "", 8),
        ThreadPool("blas", "mkl", "", 10**9),
    )
    assert variables_of({}, environment(pools=pools)) == {"OPENBLAS_NUM_THREADS": "4", "OMP_NUM_THREADS": "8"}
    told = environment((Variable("OMP_NUM_THREADS", "2"),), pools)
    assert variables_of({}, told)["OMP_NUM_THREADS"] == "2"
    apart = (ThreadPool("openmp", "libgomp", "", 8), ThreadPool("openmp", "libiomp", "", 2))
    assert variables_of({}, environment(pools=apart)) == {}


@pytest.mark.parametrize("seed", ["", "-1", "4294967296", "99999999999", "0x1", "seven", "1\n2", "٣"])
def test_a_hash_seed_with_which_no_python_starts_is_not_handed_on(seed):
    assert variables_of({}, environment((Variable("PYTHONHASHSEED", seed),))) == {}


@pytest.mark.parametrize("seed", ["random", "0", "1", "429496729", "4199999999"])
def test_a_hash_seed_is_handed_on(seed):
    assert variables_of({}, environment((Variable("PYTHONHASHSEED", seed),))) == {"PYTHONHASHSEED": seed}


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/passwd", "a b", "$(x)", "\n"])
def test_a_time_zone_that_is_a_path_is_not_handed_on(zone):
    assert variables_of({}, environment((Variable("TZ", zone),))) == {}


def test_every_variable_that_is_kept_has_its_rule_for_replays():
    from mvlake.capture.probes.variables import ALLOWED
    from mvlake.lake.world_variables import DECIDING

    assert set(ALLOWED) - set(DECIDING) == {"PYTHONPATH", "CONDA_DEFAULT_ENV", "VIRTUAL_ENV"}
