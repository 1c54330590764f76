import os
import platform
import subprocess
import sys

import pytest

from mvlake.capture.probes.environment import environment
from mvlake.capture.probes.packages import packages


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return tmp_path


def install(site, name, version, *, folder=""):
    info = site / (folder or f"{name}-{version}.dist-info")
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def test_the_environment_is_this_one():
    found = environment()
    assert found.python == platform.python_version()
    assert found.implementation == "CPython"
    assert found.machine == platform.machine()
    assert found.platform.startswith(platform.system())
    assert found.processor
    assert 1 <= found.cpus <= os.cpu_count()
    assert found.packages["duckdb"]
    assert list(found.packages) == sorted(found.packages)


def test_the_processors_are_those_that_this_process_may_use():
    code = f"""
import os
os.sched_setaffinity(0, {{{min(os.sched_getaffinity(0))}}})
from mvlake.capture.probes.environment import environment
print(environment().cpus)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


def test_names_are_normalised_and_the_first_on_the_path_wins(site, tmp_path_factory, monkeypatch):
    second = tmp_path_factory.mktemp("second")
    monkeypatch.setattr(sys, "path", [*sys.path, str(second)])
    install(site, "Some_Odd.Name", "1.0")
    install(second, "some-odd-name", "2.0")
    assert packages()["some-odd-name"] == "1.0"


def test_an_installation_is_noticed_in_a_running_kernel(site):
    assert "late-comer" not in packages()
    install(site, "late-comer", "0.1")
    assert packages()["late-comer"] == "0.1"


@pytest.mark.parametrize("metadata", [None, b"", b"\xff\xfe\x00", b"Name: broken\n", b"Version: 1\n", b"Name: \nVersion: \n\n"])
def test_broken_metadata_costs_only_itself(site, metadata):
    info = site / "broken-1.0.dist-info"
    info.mkdir()
    if metadata is not None:
        (info / "METADATA").write_bytes(metadata)
    install(site, "whole", "1.0")
    found = packages()
    assert found["whole"] == "1.0"
    assert found["duckdb"]


def test_a_finder_that_raises_costs_only_itself(site, monkeypatch):
    class Finder:
        def find_spec(self, *_):
            return None

        def find_distributions(self, context):
            raise RuntimeError("no")

    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    install(site, "another", "1.0")
    assert packages()["another"] == "1.0"


def test_what_stands_on_the_path_by_mistake_is_passed_over(monkeypatch):
    monkeypatch.setattr(sys, "path", ["/nonexistent", "", None, "a\0b", *sys.path])
    assert packages()["duckdb"]


def test_nobody_can_change_what_the_next_one_sees():
    packages()["duckdb"] = "0"
    assert packages()["duckdb"] != "0"


URLS = {
    '{"url": "file:///home/ana/own%20code", "dir_info": {"editable": true}}': ("editable", "/home/ana/own code", ""),
    '{"url": "file:///home/ana/own", "dir_info": {}}': ("folder", "/home/ana/own", ""),
    '{"url": "https://ana:s3cret@example.org/x.git?token=1", "vcs_info": {"vcs": "git", "commit_id": "0123456789abcdef"}}': (
        "git",
        "https://example.org/x.git",
        "0123456789abcdef",
    ),
    '{"url": "ssh://git@example.org/x.git", "vcs_info": {"vcs": "git", "commit_id": "main; rm"}}': (
        "git",
        "ssh://example.org/x.git",
        "",
    ),
    '{"url": "https://example.org/x-1.0.whl#sha256=00", "archive_info": {}}': ("archive", "https://example.org/x-1.0.whl", ""),
}


@pytest.mark.parametrize("noted", URLS)
def test_where_a_distribution_came_from_is_told_without_credentials(site, noted):
    install(site, "odd", "1.0")
    (site / "odd-1.0.dist-info" / "direct_url.json").write_text(noted)
    [source] = [one for one in environment().sources if one.name == "odd"]
    assert (source.kind, source.url, source.commit) == URLS[noted]


@pytest.mark.parametrize("noted", ["", "[]", "{", '{"url": 3}', '{"url": "a\\nb"}', '{"url": "http://[", "dir_info": {}}', "\0"])
def test_what_an_installer_did_not_note_well_costs_only_the_source(site, noted):
    install(site, "odd", "1.0")
    (site / "odd-1.0.dist-info" / "direct_url.json").write_text(noted)
    found = environment()
    assert found.packages["odd"] == "1.0"
    assert not [one for one in found.sources if one.name == "odd"]


def test_two_thousand_packages_are_all_read(site):
    for number in range(2_000):
        install(site, f"many-{number}", "1.0", folder=f"many_{number}-1.0.dist-info")
    assert sum(name.startswith("many-") for name in packages()) == 2_000
