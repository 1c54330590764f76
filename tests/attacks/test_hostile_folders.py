"""Lakes whose folder was prepared by a stranger: links, pipes, folders where files should be."""

import os
import shutil
from pathlib import Path

import pytest

from mvlake.errors import Damaged, DamagedLake, LakeNotFound, MvlakeError
from mvlake.lake.lake import Lake
from mvlake.store.keys import record_key

SECRET = b"secret of the user"


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_bytes(SECRET)
    return path


@pytest.fixture
def folder(disk, commit):
    commit(disk, depth=1, outputs={"x": [1, 2], "big": b"big " * 300_000})
    commit(disk, depth=2, outputs={"x": [3]})
    disk.promote("fraud:v1", "production")
    return Path(disk.path)


def replace_by_link(path, target):
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    path.symlink_to(target)


def attempt(lake):
    """Do everything; what is refused is refused by an error of ours."""
    for verb in (
        lake.log, lake.labels, lake.status, lake.rebuild, lambda: lake.show("fraud:v1"), lambda: lake.load("fraud:v1", "x"),
        lambda: lake.load_bytes("fraud:v1", "big"), lambda: lake.sql("select * from versions"), lambda: lake.note("fraud:v1", "x"),
        lambda: lake.compare("fraud:v1", "fraud:v2"), lambda: lake.preserve("output", "y", 1),
    ):  # fmt: skip
        try:
            yield verb()
        except MvlakeError as error:
            yield error


def objects(folder):
    return sorted(path for path in folder.glob("objects/*/*") if path.is_file())


@pytest.mark.parametrize("place", ["log", "log/000000", "objects", "tmp", "index"])
def test_a_folder_that_is_a_link_is_not_followed(folder, tmp_path, place):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(folder / place, elsewhere)
    before = {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()}
    replace_by_link(folder / place, elsewhere)
    lake = Lake.open(folder, create=False)
    answers = list(attempt(lake))
    if place in ("log", "log/000000"):
        assert all(isinstance(answer, Damaged) for answer in answers[:5])
    findings = lake.verify()
    if place != "tmp" and place != "index":
        assert not findings.is_clean
        assert all(one.subject for one in findings.problems)
    assert {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()} == before


def test_a_record_that_is_a_link_is_not_read(folder, secret):
    copy = folder.parent / "copy.json"
    shutil.copy(folder / record_key(2), copy)
    for target in (copy, secret, Path("/dev/zero"), Path("nowhere")):
        replace_by_link(folder / record_key(2), target)
        lake = Lake.open(folder, create=False)
        with pytest.raises(DamagedLake):
            lake.log()
        findings = lake.verify()
        assert "record 2" in {one.subject for one in findings.problems}
        assert SECRET.decode() not in str(findings)


def test_an_object_that_is_a_link_is_not_read(folder, secret):
    for path in objects(folder):
        good = path.parent / "kept"
        path.rename(good)
        for target in (good, secret, Path("/dev/zero")):
            path.symlink_to(target)
            lake = Lake.open(folder, create=False)
            assert not lake.verify().is_clean
            for answer in attempt(lake):
                assert SECRET not in str(answer).encode()
            path.unlink()
        good.rename(path)
    assert Lake.open(folder).verify().is_clean


def test_settings_that_are_a_link_are_not_read(folder, tmp_path):
    shutil.copy(folder / "lake.toml", tmp_path / "settings.toml")
    replace_by_link(folder / "lake.toml", tmp_path / "settings.toml")
    with pytest.raises(DamagedLake):
        Lake.open(folder, create=False)


def test_settings_that_are_a_broken_link_make_no_file_where_it_leads(folder, tmp_path):
    replace_by_link(folder / "lake.toml", tmp_path / "planted")
    with pytest.raises((DamagedLake, LakeNotFound)):
        Lake.open(folder)
    assert not (tmp_path / "planted").exists()


@pytest.mark.parametrize("file", [record_key(2), "lake.toml"])
def test_a_pipe_in_the_place_of_a_file_holds_nobody_up(folder, file):
    (folder / file).unlink()
    os.mkfifo(folder / file)
    with pytest.raises(MvlakeError):
        Lake.open(folder, create=False).log()


@pytest.mark.parametrize("file", [record_key(2), record_key(4)])
def test_a_folder_in_the_place_of_a_record_is_damage(folder, file):
    path = folder / file
    path.unlink(missing_ok=True)
    path.mkdir()
    lake = Lake.open(folder, create=False)
    with pytest.raises(Damaged):
        lake.log()
    assert not lake.verify().is_clean


def test_a_folder_in_the_place_of_an_object_is_damage(folder):
    for path in objects(folder):
        path.unlink()
        path.mkdir()
    lake = Lake.open(folder, create=False)
    with pytest.raises(Damaged):
        lake.load("fraud:v1", "x")
    assert not lake.verify().is_clean
    assert lake.show("fraud:v1").dossier.problems


def test_a_link_in_the_place_of_a_hint_is_not_written_through(folder, secret, commit):
    for name in ("index/head.json", ".gitignore"):
        replace_by_link(folder / name, secret)
    lake = Lake.open(folder)
    commit(lake, depth=9)
    lake.rebuild()
    assert secret.read_bytes() == SECRET
    assert lake.verify().is_clean


def test_the_folder_of_the_lake_itself_may_be_a_link(folder, tmp_path):
    (tmp_path / "linked").symlink_to(folder)
    assert Lake.open(tmp_path / "linked", create=False).load("fraud:v1", "x") == [1, 2]


def test_a_link_that_leads_to_itself_is_damage(folder):
    replace_by_link(folder / "objects", "objects")
    lake = Lake.open(folder, create=False)
    with pytest.raises(Damaged):
        lake.load("fraud:v1", "x")
    assert not lake.verify().is_clean


def test_nothing_outside_of_the_folder_is_opened(folder, tmp_path, monkeypatch):
    opened = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *rest, **more: opened.append(os.fspath(path)) or real(path, *rest, **more))
    lake = Lake.open(folder, create=False)
    lake.log()
    lake.show("fraud:v1")
    lake.load("fraud:v1", "x")
    lake.verify()
    assert opened
    assert all(Path(path).is_relative_to(folder) for path in opened if str(path).startswith(str(tmp_path)))
    assert not [path for path in opened if not str(path).startswith(str(folder))]
