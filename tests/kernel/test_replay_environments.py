"""A version's cells run with the packages that they had: made anew, found again, or refused with what cannot be had."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from wheels import metadata, wheel, wheels_of

from mvlake.errors import CannotReplay
from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict

FACT = "import tinyfacts\nfrom tinyneed import SCALE"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Return a folder with wheels: those that mvlake needs, and a small package in two versions."""
    folder = tmp_path_factory.mktemp("wheels")
    wheels_of("mvlake", folder)
    for version in ("1.0", "2.0"):
        wheel(folder, "tinyfacts", version, f"VALUE = [{version}]\n", requires=("tinyneed",))
        wheel(folder, "tinyneed", version, f"SCALE = {version}\n")
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def at_home(monkeypatch, index, cache, tmp_path):
    """Let installers look into the folder of wheels alone, and today's packages be the later ones."""
    for tool in ("PIP", "UV"):
        monkeypatch.setenv(f"{tool}_NO_INDEX", "1")
        monkeypatch.setenv(f"{tool}_FIND_LINKS", str(index))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("PYTHONPATH", str(installed(tmp_path / "now", tinyfacts="2.0", tinyneed="2.0")))


def installed(folder, **packages):
    place = folder / "lib" / "site-packages"
    place.mkdir(parents=True)
    for name, version in packages.items():
        text = f"VALUE = [{version}]\n" if name == "tinyfacts" else f"SCALE = {version}\n"
        for path, data in {f"{name}.py": text.encode(), **metadata(name, version)}.items():
            (place / path).parent.mkdir(exist_ok=True)
            (place / path).write_bytes(data)
    return place


def recorded(start_kernel, folder, **packages):
    """Return the lake with a version that was made with these packages."""
    kernel = start_kernel(PYTHONPATH=str(installed(folder, **packages)))
    kernel.run(FACT)
    kernel.run("%%track fact\nfound = [tinyfacts.VALUE[0] * SCALE]\nfolder = sorted({1.5})")
    kernel.run("%mv log")
    return Lake.open(kernel.folder / "lake", create=False)


def of_packages(answer):
    return {one.name for one in answer.replayed.differences if one.name.startswith("tiny")}


def test_a_fresh_environment_has_the_recorded_versions_and_what_they_need(start_kernel, tmp_path, at_home, cache):
    lake = recorded(start_kernel, tmp_path / "then", tinyfacts="1.0", tinyneed="1.0")
    today = lake.replay("fact:v1")
    assert (today.replayed.verdict, of_packages(today)) == (Verdict.DRIFTED, {"tinyfacts", "tinyneed"})
    told = []
    made = lake.replay("fact:v1", env="exact", tell=lambda *words: told.append(words[0]))
    assert (made.replayed.verdict, of_packages(made), made.error) == (Verdict.IDENTICAL, set(), "")
    assert any(word.startswith("installing 2 packages") for word in told)
    again = []
    assert lake.replay("fact:v1", env="exact", tell=lambda *words: again.append(words[0])).replayed.verdict is Verdict.IDENTICAL
    assert not [word for word in again if "install" in word]
    (environment,) = (cache / "mvlake" / "environments").glob("made-*/env")
    # An environment that lies there already: the folder, or the Python in it.
    for path in (environment, environment / "bin" / "python"):
        assert lake.replay("fact:v1", env=str(path)).replayed.verdict is Verdict.IDENTICAL


def test_what_cannot_be_had_is_named_before_anything_runs(start_kernel, tmp_path, at_home, cache):
    recorded(start_kernel, tmp_path / "then", tinyfacts="0.7", tinyneed="0.9")
    words = [sys.executable, "-m", "mvlake", "replay", "fact:v1", "--env", "exact", "--json"]
    ran = subprocess.run(words, env={**os.environ, "MVLAKE_LAKE": str(tmp_path / "lake")}, capture_output=True, text=True)
    said = json.loads(ran.stdout)
    assert ran.returncode == 2, said
    assert "tinyfacts 0.7: no index has it" in said["message"]
    assert "tinyneed 0.9: no index has it" in said["message"]
    assert "--env check" in said["hint"]
    assert str(os.environ["PIP_FIND_LINKS"]) not in ran.stdout + ran.stderr
    assert Lake.open(tmp_path / "lake", create=False).show("fact:v1").entry.replays == ()


def test_a_python_that_cannot_be_a_kernel_is_refused_with_what_to_install(start_kernel, tmp_path, at_home):
    kernel = start_kernel()
    kernel.run("%%track one\nx = [1]")
    kernel.run("%mv log")
    lake = Lake.open(tmp_path / "lake", create=False)
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    with pytest.raises(CannotReplay, match="has no ipykernel") as refused:
        lake.replay("one:v1", env=str(bare))
    assert refused.value.hint == f"{bare}/bin/python -m pip install --upgrade ipykernel mvlake"
    for path, why in ((tmp_path / "nothing", "no Python"), (Path("/bin/true"), "does not answer")):
        with pytest.raises(CannotReplay, match=why):
            lake.replay("one:v1", env=str(path))
