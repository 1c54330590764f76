"""An environment as a requirements file that uv and pip read, whatever its packages are called."""

import pytest
from packaging.requirements import Requirement

from mvlake.errors import Invalid
from mvlake.lake.requirements import requirements
from mvlake.records.environment import Environment, PackageSource, SourceKind

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def world(packages, *sources, **more):
    return Environment("3.12.1", "CPython", "Linux 6.1", "x86_64", "", 2, packages, sources=sources, **more)


def test_each_package_is_a_line_that_makes_it_anew():
    told = requirements(
        world(
            {"numpy": "2.4.6", "torch": "2.13.0+cpu", "own": "0.1", "forked": "1.0", "wheel-here": "3", "old": "2004d"},
            PackageSource("own", SourceKind.EDITABLE, "/home/ana/own"),
            PackageSource("forked", SourceKind.GIT, "https://example.org/ana/forked.git", COMMIT),
            PackageSource("wheel-here", SourceKind.ARCHIVE, "/tmp/wheel_here-3-py3-none-any.whl"),
        )
    )
    comment, *lines = told.splitlines()
    assert comment == "# CPython 3.12.1, Linux 6.1, x86_64"
    assert lines == [
        f"forked @ git+https://example.org/ana/forked.git@{COMMIT}",
        "numpy==2.4.6",
        "old==2004d",
        "-e /home/ana/own",
        "torch==2.13.0+cpu",
        "wheel-here @ file:///tmp/wheel_here-3-py3-none-any.whl",
    ]
    for line in lines:
        if not line.startswith("-e") and not line.startswith("old"):
            Requirement(line)


NASTY = [
    "x\n--find-links http://evil.example",
    "-r/etc/passwd",
    "a b",
    "",
    "x;python",
    "../x",
    "\u2028x",
    "x#y",
    "--no-deps",
]


@pytest.mark.parametrize("nasty", NASTY, ids=ascii)
def test_no_name_version_or_url_becomes_an_option(nasty):
    sources = (PackageSource("good", SourceKind.GIT, nasty, nasty), PackageSource("fine", SourceKind.EDITABLE, nasty))
    told = requirements(world({nasty: "1", "good": "1", "fine": "1", "bad": nasty}, *sources, distribution=nasty))
    for line in told.split("\n"):
        assert line == "" or line.startswith(("#", "good", "fine==", "-e ")), line
        assert not line.startswith("-") or line == f"-e {nasty}"
    assert "\n-" not in told.replace(f"\n-e {nasty}\n", "\n")


def test_the_environment_of_a_version_is_exported_as_a_file(lake, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from mvlake.capture.script import track

    with track("drawn", lake=lake) as run:
        run.param(x=1)
    assert "environment of drawn:v1" in lake.export("drawn:v1", "environment").sentence
    text = (tmp_path / "drawn-v1-requirements.txt").read_text()
    assert "\nnumpy==" in text
    lake.export("drawn:v1", "environment", to=tmp_path / "requirements.txt")
    assert (tmp_path / "requirements.txt").read_text() == text
    with pytest.raises(Invalid, match="there already"):
        lake.export("drawn:v1", "environment", to=tmp_path / "requirements.txt")
    assert not lake.verify(data=True).problems
    with track("named", lake=lake) as run:
        run.output(environment=[1, 2])
    lake.export("named:v1", "environment", to=tmp_path / "list")
    assert "numpy" not in (tmp_path / "list").read_text()
