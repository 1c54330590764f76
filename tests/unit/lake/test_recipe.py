"""What an environment is made from: what the cells import, at the recorded versions; and what no index can have, by name."""

from dataclasses import replace

import pytest

from mvlake import Lake, track
from mvlake.lake.dossier import read_dossier
from mvlake.lake.history import find
from mvlake.lake.installer import _said
from mvlake.lake.recipe import recipe_of
from mvlake.records.environment import Environment, Import, PackageSource, SourceKind

PACKAGES = {
    "numpy": "2.1.0",
    "scikit_learn": "1.9.0",
    "skops": "0.16",
    "mvlake": "0.1",
    "own": "1",
    "forked": "2",
    "-e x": "3",
    "Odd.Name": "4",
}
SOURCES = (
    PackageSource("own", SourceKind.EDITABLE, "/home/ana/own"),
    PackageSource("forked", SourceKind.GIT, "https://example.org/forked", "abc"),
)


@pytest.fixture
def recipe_for(tmp_path):
    """Return the recipe of a version whose cells import these, with these modules of its own."""
    lake = Lake.open(tmp_path / "lake")
    with track("given", lake=lake) as run:
        run.param(x=1)
    dossier = read_dossier(lake._parts, find(lake._parts, "given:v1"))

    def make(*imports, modules=None, **changed):
        told = Environment("3.12.1", "CPython", "Linux", "x86_64", "", 2, PACKAGES, sources=SOURCES)
        found = (Import("python", "3.12.1"), *(Import(name, "") for name in imports))
        version = replace(dossier.version, imports=found)
        return recipe_of(replace(dossier, version=version, environment=replace(told, **changed), modules=modules or {}))

    return make


def test_what_cells_import_is_wanted_and_the_rest_holds_what_that_needs(recipe_for):
    found = recipe_for("numpy", "scikit_learn")
    assert found.minor == "3.12"
    assert found.wanted == {"numpy": "2.1.0", "scikit-learn": "1.9.0", "skops": "0.16"}
    assert found.recorded == {"numpy": "2.1.0", "scikit-learn": "1.9.0", "skops": "0.16", "odd-name": "4"}
    assert found.elsewhere == {"own": "an editable folder", "forked": "a repository"}
    assert found.lacking == ()


def test_what_no_index_can_have_is_named_with_the_reason(recipe_for):
    assert recipe_for("forked", "own", "gone").lacking == (
        "forked 2: it came from a repository, and no index need have the same",
        "gone: its version was not recorded",
        "own 1: it came from an editable folder, and no index need have the same",
    )
    assert recipe_for("-e x").lacking == ("'-e x' '3': this is no name and version of a package",)
    assert recipe_for(implementation="PyPy").lacking == ("Python: it was PyPy",)


def test_an_editable_package_whose_modules_the_lake_has_is_laid_out_and_what_they_import_is_wanted(recipe_for):
    found = recipe_for(
        "own", modules={"own.deep": "import numpy.linalg, os\nfrom . import x\nfrom odd.thing import y", "own": "not code ("}
    )
    assert (found.lacking, found.wanted) == ((), {"numpy": "2.1.0"})


@pytest.mark.parametrize("python", ["", "3", "3.12", "--help", "3.12.1\n"])
def test_only_a_version_is_a_version_of_python(recipe_for, python):
    assert recipe_for(python=python).minor == ("3.12" if python.startswith("3.12.") else "")


def test_what_an_installer_says_is_told_without_addresses():
    class Ran:
        returncode = 1
        stdout = "Looking in indexes: https://user:secret@index.example.org/simple\n\nThe conflict is caused by:\n    a 1 depends on b>2\n    The user requested (constraint) b==1\n\nTo fix this you could try to:\n"
        stderr = "ERROR: see https://example.org/help"

    assert _said(Ran) == "a 1 depends on b>2; The user requested (constraint) b==1"
    Ran.stdout = ""
    assert _said(Ran) == "ERROR: see …"
