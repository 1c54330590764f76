"""The extension for JupyterLab: built once, shipped once, by nobody's address, and of nothing that strangers' data could use."""

import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from mvlake import __version__

REPOSITORY = Path(__file__).parents[2]
SOURCE = REPOSITORY / "labextension"
BUILT = REPOSITORY / "src/mvlake/_lab"
PLACE = "share/jupyter/labextensions/@mvlake/lab/"


def sources():
    return sorted([*(SOURCE / "src").rglob("*.ts"), *(SOURCE / "style").rglob("*.css")])


def packed(kind, repository, folder):
    """Build a wheel or an sdist where there is no program at all on the path, so no Node either."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    environment = {name: value for name, value in os.environ.items() if name != "SKIP_JUPYTER_BUILDER"} | {"PATH": str(folder)}
    subprocess.run(command, cwd=repository, env=environment, check=True, capture_output=True, timeout=300)
    return next(folder.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    assert (BUILT / "package.json").is_file(), "`make test` builds the extension"
    return packed("sdist", REPOSITORY, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist, tmp_path_factory):
    """A wheel made of the sdist, as an installer makes it."""
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as file:
        file.extractall(folder, filter="data")
    return packed("wheel", next(folder.iterdir()), folder)


def test_an_sdist_becomes_a_wheel_with_the_extension_in_it_once_and_without_node(wheel):
    with zipfile.ZipFile(wheel) as file:
        names = [name for name in file.namelist() if "labextension" in name or "/_lab/" in name]
        described = json.loads(file.read(next(name for name in names if name.endswith(PLACE + "package.json"))))
    assert all(f".data/data/{PLACE}" in name for name in names)
    assert described["name"] == "@mvlake/lab"
    here = {name.partition(PLACE)[2] for name in names}
    assert here == {path.relative_to(BUILT).as_posix() for path in BUILT.rglob("*") if path.is_file()} | {"install.json"}
    assert described["jupyterlab"]["_build"]["load"] in here


def test_an_sdist_has_what_is_built_and_what_it_is_built_from(sdist):
    with tarfile.open(sdist) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    assert {"src/mvlake/_lab/package.json", "labextension/package-lock.json", "labextension/src/index.ts"} <= names
    assert not any("node_modules" in name or name.startswith("labextension/lib") for name in names)


def test_what_is_built_is_for_use_and_not_for_developing():
    names = [path.name for path in BUILT.rglob("*")]
    assert "build_log.json" not in names
    assert not [name for name in names if name.endswith(".map")]
    assert sum(path.stat().st_size for path in BUILT.rglob("*") if path.is_file()) < 300_000


def test_nothing_of_others_is_bundled_but_what_puts_styles_into_a_page():
    told = json.loads((BUILT / "static/third-party-licenses.json").read_text(encoding="utf-8"))
    assert {one["name"] for one in told["packages"]} == {"css-loader", "style-loader"}


def test_what_is_built_is_not_in_git():
    known = subprocess.run(
        ["git", "check-ignore", "src/mvlake/_lab/package.json"], cwd=REPOSITORY, capture_output=True, check=False
    )
    assert known.returncode == 0


def test_the_lock_file_names_no_address_that_something_is_loaded_from():
    lock = json.loads((SOURCE / "package-lock.json").read_text(encoding="utf-8"))
    assert len(lock["packages"]) > 100
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        assert name == "" or package["integrity"].startswith("sha512-"), name
        said = json.dumps({key: value for key, value in package.items() if key != "funding"})
        assert "://" not in said, name


def test_kernel_and_extension_are_of_one_version():
    ours = ".".join(__version__.split(".")[:3])
    assert json.loads((SOURCE / "package.json").read_text(encoding="utf-8"))["version"] == ours
    assert f"VERSION = '{ours}'" in (SOURCE / "src/version.ts").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "forbidden",
    [
        r"\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|srcdoc",
        r"[:<] ?any\b|\bas any\b|@ts-(ignore|expect-error|nocheck)",
        r"\bconsole\.|\bdebugger\b",
        r"\bfetch\(|XMLHttpRequest|new WebSocket|\beval\(|new Function\b|localStorage",
    ],
)
def test_sources_have_no(forbidden):
    hits = [f"{path.name}: {match[0]}" for path in sources() for match in re.finditer(forbidden, code(path))]
    assert hits == []


def code(path):
    """Return a file without its comments, which may speak of what the code does not do."""
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_styles_take_every_colour_from_the_theme():
    colours = re.compile(
        r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(|:\s*(?:white|black|red|green|blue|gray|grey)\b|url\((?!'base\.css')|!important"
    )
    assert [
        match[0] for path in sources() if path.suffix == ".css" for match in colours.finditer(path.read_text(encoding="utf-8"))
    ] == []


def test_a_source_is_a_page_or_two():
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in sources() if "generated" not in path.name}
    assert len(lengths) > 10
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_the_index_lists_plugins_and_does_nothing_else():
    lines = (SOURCE / "src/index.ts").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not re.match(r"import |const plugins|export default plugins", line)] == []


@pytest.mark.parametrize(("folder", "others"), [("model", ("widgets", "plugins")), ("widgets", ("plugins",))])
def test_what_is_below_imports_nothing_from_above(folder, others):
    for path in (SOURCE / "src" / folder).glob("*.ts"):
        text = path.read_text(encoding="utf-8")
        assert not [other for other in others if f"../{other}/" in text], path.name
        if folder == "model":
            assert not re.search(r"\b(document|window)\.\w|HTMLElement|@lumino/widgets", code(path)), path.name
