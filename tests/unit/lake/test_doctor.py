import os
import stat
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from mvlake.lake import doctor as doctor_module
from mvlake.lake import weaknesses
from mvlake.lake.lake import Lake
from mvlake.lake.open import open_parts
from mvlake.records.answers import Health


@pytest.fixture
def folder(tmp_path, commit):
    commit(Lake.open(tmp_path), outputs={"x": 1})
    return tmp_path / ".mvlake"


def examined(folder, **options):
    return Lake(open_parts(folder, create=False, clock=options.pop("clock", lambda: datetime.now(UTC)))).doctor()


def said(folder, subject, health, **options):
    """Return what the doctor says of a subject with this opinion."""
    found = [one for one in examined(folder, **options).examined if (one.subject, one.health) == (subject, health)]
    assert found, examined(folder, **options)
    return found[0]


def test_a_lake_that_is_well_is_said_to_be(folder):
    answer = examined(folder)
    assert [
        one for one in answer.examined if one.health is Health.BAD and one.subject in ("files", "rights", "links", "clock")
    ] == []
    assert {"settings", "clock", "writing", "files", "space"} <= {one.subject for one in answer.examined}


def test_it_changes_nothing(folder):
    before = sorted(path for path in folder.rglob("*"))
    examined(folder)
    assert sorted(path for path in folder.rglob("*")) == before


def test_every_bad_thing_comes_with_a_reason_and_something_to_type(folder, tmp_path, monkeypatch):
    (folder / "objects/link").symlink_to(tmp_path)
    os.mkfifo(folder / "objects/pipe")
    (folder / "objects").chmod(0o777)
    monkeypatch.setattr(weaknesses, "version", lambda library: "0.1")
    bad = [one for one in examined(folder).examined if one.health is Health.BAD]
    assert len(bad) >= 3 + len(weaknesses.WEAKNESSES)
    assert all(one.found and one.why and one.do for one in bad)
    assert not examined(folder).is_healthy


def test_a_link_is_named(folder, tmp_path):
    (folder / "objects/zz").symlink_to(tmp_path)
    assert "objects/zz" in said(folder, "links", Health.BAD).found


def test_a_file_with_a_second_name_is_named(folder, tmp_path):
    record = folder / "log/000000/000001.json"
    os.link(record, tmp_path / "outside")
    assert str(record) in said(folder, "hard links", Health.ODD).found


def test_what_everybody_can_write_is_named(folder):
    (folder / "index").chmod(0o777)
    assert "index" in said(folder, "rights", Health.BAD).found


def share(folder):
    path = folder / "lake.toml"
    path.chmod(0o644)
    path.write_text(path.read_text() + "shared = true\n")


def test_a_shared_lake_whose_files_the_group_cannot_read_is_named(folder):
    share(folder)
    assert said(folder, "sharing", Health.BAD).do
    for parent, _, files in os.walk(folder):
        os.chmod(parent, 0o2775)
        for name in files:
            os.chmod(os.path.join(parent, name), 0o644)
    assert "sharing" not in {one.subject for one in examined(folder).examined}


def test_a_shared_lake_stays_open_to_the_group_under_a_private_umask(folder, commit):
    share(folder)
    folder.chmod(0o2775)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o2775 if path.is_dir() else 0o644)
    before = os.umask(0o077)
    try:
        lake = Lake.open(folder)
        commit(lake, depth=5, outputs={"big": b"big " * 300_000})
        lake.sql("select 1")
    finally:
        os.umask(before)
    assert "sharing" not in {one.subject for one in examined(folder).examined}
    for path in folder.rglob("*"):
        mode = path.stat().st_mode
        assert mode & stat.S_IRGRP, path
        assert not mode & stat.S_IWOTH, path
        if path.is_dir():
            assert mode & 0o2070 == 0o2070, path


def test_without_that_word_a_private_umask_keeps_files_private(tmp_path, commit):
    before = os.umask(0o077)
    try:
        commit(Lake.open(tmp_path), outputs={"x": 1})
    finally:
        os.umask(before)
    assert not [path for path in (tmp_path / ".mvlake").rglob("*") if path.stat().st_mode & 0o077]


@pytest.mark.parametrize("word", ['"yes"', "1", '"true"'])
def test_a_setting_that_means_nothing_is_named(folder, word):
    path = folder / "lake.toml"
    path.chmod(0o644)
    path.write_text(path.read_text() + f"shared = {word}\n")
    assert "shared" in said(folder, "settings", Health.BAD).found


def test_a_setting_that_nobody_reads_is_named(folder):
    path = folder / "lake.toml"
    path.chmod(0o644)
    path.write_text(path.read_text() + "shraed = true\n")
    assert "shraed" in said(folder, "settings", Health.ODD).found


def test_a_policy_that_nobody_can_mean_is_named_with_what_it_may_be(folder):
    (folder / "policy.toml").write_text("[data]\nkeep = 'nothing'\n")
    assert "none, profile, full" in said(folder, "policy", Health.BAD).do


def test_a_clock_that_is_behind_the_log_is_named(folder):
    assert said(folder, "clock", Health.BAD, clock=lambda: datetime.now(UTC) - timedelta(days=366)).do


def test_a_file_system_with_another_clock_is_named(folder):
    assert "differs" in said(folder, "clock", Health.ODD, clock=lambda: datetime.now(UTC) + timedelta(hours=2)).found


def test_a_damaged_log_is_named(folder):
    record = folder / "log/000000/000001.json"
    record.unlink()
    record.write_bytes(b"garbage")
    assert said(folder, "log", Health.BAD).do == "mvlake verify"


def test_old_files_in_tmp_are_named(folder):
    old = folder / "tmp/1-half"
    old.write_bytes(b"half")
    os.utime(old, (time.time() - 2 * 86_400,) * 2)
    assert "1 file" in said(folder, "tmp/", Health.ODD).found


@pytest.mark.parametrize(("free", "health"), [(10 << 20, Health.BAD), (1 << 30, Health.ODD), (1 << 40, Health.GOOD)])
def test_space_is_judged(folder, monkeypatch, free, health):
    monkeypatch.setattr(doctor_module.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    assert said(folder, "space", health)


def test_a_network_file_system_is_named(folder, monkeypatch):
    monkeypatch.setattr(doctor_module, "_file_system", lambda folder: "nfs4")
    assert "nfs4" in said(folder, "file system", Health.ODD).found


def test_a_lake_in_memory_can_be_examined(lake):
    assert lake.doctor().examined


@pytest.mark.parametrize("one", weaknesses.WEAKNESSES, ids=lambda one: f"{one.library}-{one.fixed_in}")
def test_a_library_is_weak_below_the_release_that_mends_it(folder, monkeypatch, one):
    for found, is_weak in (("0.0.1", True), (one.fixed_in, False), (f"{one.fixed_in}rc1", True), (f"{one.fixed_in}.1", False)):
        monkeypatch.setattr(weaknesses, "version", lambda library, found=found: found)
        named = [what for what in examined(folder).examined if what.subject == one.library and what.health is Health.BAD]
        assert any(advisory in what.why for what in named for advisory in one.advisories) is is_weak
    assert all(advisory.startswith(("CVE-", "GHSA-")) for advisory in one.advisories)


def test_an_answer_can_be_read_by_people_and_programs(folder, as_json, tmp_path):
    from mvlake.cli.main import exit_code
    from mvlake.view.html import page
    from mvlake.view.text import as_text

    (folder / "objects/zz").symlink_to(tmp_path)
    answer = examined(folder)
    assert exit_code(answer) == 1
    assert "links" in as_text(answer)
    assert "links" in page(answer, "doctor")
    assert as_json(answer)["is_healthy"] is False
