import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mvlake.capture.probes.git import GitProbe, git_state
from mvlake.records.environment import Git


def state(folder):
    return git_state(str(folder), 30.0)


def as_git_says(work):
    """The paths that `git status` shows: only for repositories that are not evil."""
    lines = work.git("-c", "core.quotePath=false", "status", "--porcelain", "-z").split("\0")
    return {line[3:] if line[2:3] == " " else line[2:] for line in lines if line}


def markers(tmp_path):
    return sorted(path.name for path in tmp_path.glob("marker*"))


def stand_in(tmp_path, monkeypatch, script):
    """Put a program named git in front of the real one."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "git"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("REAL_GIT", shutil.which("git"))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_a_clean_repository_is_clean(work):
    assert state(work.root) == Git(commit=work.git("rev-parse", "HEAD"), branch="main")
    assert state(work.root / "data") == state(work.root)


def test_outside_of_a_repository_there_is_nothing_to_say(tmp_path):
    assert state(tmp_path) is None
    assert state(tmp_path / "gone") is None


def test_every_kind_of_change_is_seen(work):
    work.write("kept.py", "kept")
    work.write("staged.py", "1")
    work.write("moved.py", "a file that moves")
    work.git("add", ".")
    work.commit()
    work.write("train.py", "longer than it was before, by far")
    (work.root / "data" / "rows.csv").unlink()
    work.write("staged.py", "2")
    work.git("add", "staged.py")
    work.git("mv", "moved.py", "there.py")
    work.write("new dir/ünï\ncode.py", "x")
    work.write("untracked.py", "x")
    work.write(".gitignore", "*.log\n")
    work.write("noise.log", "x")
    found = state(work.root)
    assert found.is_dirty
    assert set(found.changed) == {
        "train.py",
        "data/rows.csv",
        "staged.py",
        "moved.py",
        "there.py",
        "new dir/",
        "untracked.py",
        ".gitignore",
    }
    assert list(found.changed) == sorted(found.changed)


def test_a_change_of_equal_size_in_the_same_moment_is_seen(work):
    index = (work.root / ".git" / "index").stat()
    file = work.write("train.py", "train.py, as it WAS\n")
    os.utime(file, ns=(index.st_mtime_ns, index.st_mtime_ns))
    assert state(work.root).changed == ("train.py",)


def test_a_change_that_hides_behind_its_old_times_is_seen(work):
    file = work.root / "train.py"
    before = file.stat()
    work.write("train.py", "train.py, as it WAS\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert state(work.root).changed == ("train.py",)


def test_a_file_that_was_only_touched_is_no_change(work):
    os.utime(work.root / "train.py", (1_000_000_000, 1_000_000_000))
    assert not state(work.root).is_dirty


def test_line_ends_that_git_would_convert_are_no_change(work):
    work.git("config", "core.autocrlf", "true")
    file = work.write("windows.py", "a\r\nb\r\n")
    work.git("add", "windows.py")
    work.commit()
    os.utime(file, (1_000_000_000, 1_000_000_000))
    assert not state(work.root).is_dirty
    work.write("windows.py", "a\r\nc\r\n")
    assert state(work.root).changed == ("windows.py",)


def test_the_executable_bit_counts_where_it_means_something(work):
    (work.root / "train.py").chmod(0o755)
    assert state(work.root).changed == ("train.py",)
    work.git("config", "core.fileMode", "false")
    assert not state(work.root).is_dirty


def test_a_link_is_where_it_points(work):
    link = work.root / "link"
    link.symlink_to("train.py")
    work.git("add", "link")
    work.commit()
    assert not state(work.root).is_dirty
    link.unlink()
    link.symlink_to("trains.py")
    assert state(work.root).changed == ("link",)
    link.unlink()
    link.write_text("train.py")
    assert state(work.root).changed == ("link",)


def test_a_file_that_became_a_folder_or_a_pipe_is_a_change(work):
    (work.root / "train.py").unlink()
    (work.root / "train.py").mkdir()
    shutil.rmtree(work.root / "data")
    (work.root / "data").mkdir()
    os.mkfifo(work.root / "data" / "rows.csv")
    assert set(state(work.root).changed) >= {"train.py", "data/rows.csv"}


def test_what_the_user_told_git_to_overlook_is_overlooked(work):
    work.git("update-index", "--assume-unchanged", "train.py")
    work.git("update-index", "--skip-worktree", "data/rows.csv")
    work.write("train.py", "other")
    (work.root / "data" / "rows.csv").unlink()
    assert not state(work.root).is_dirty


def test_a_conflict_is_a_change(work):
    work.git("checkout", "-q", "-b", "other")
    work.write("train.py", "theirs")
    work.git("commit", "-qam", "theirs")
    work.git("checkout", "-q", "main")
    work.write("train.py", "ours")
    work.git("commit", "-qam", "ours")
    with pytest.raises(Exception, match="merge"):
        work.git("merge", "other")
    assert state(work.root).changed == ("train.py",)


def test_before_the_first_commit_everything_is_new(tmp_path, new_work):
    root = tmp_path / "fresh"
    root.mkdir()
    new_work.git(type("At", (), {"root": root})(), "init", "-q", "-b", "trunk")
    assert state(root) == Git(branch="trunk")
    (root / "a.py").write_text("x")
    assert state(root) == Git(branch="trunk", is_dirty=True, changed=("a.py",))


def test_a_detached_head_has_no_branch(work):
    first = work.git("rev-parse", "HEAD")
    work.commit("second")
    work.git("checkout", "-q", first)
    assert state(work.root) == Git(commit=first)


def test_packed_refs_are_read(work):
    commit = work.git("rev-parse", "HEAD")
    work.git("tag", "-a", "v1", "-m", "v1")
    work.git("pack-refs", "--all", "--prune")
    assert not (work.root / ".git" / "refs" / "heads" / "main").exists()
    assert state(work.root) == Git(commit=commit, branch="main")


def test_a_branch_may_have_any_name_that_git_takes(work):
    work.git("checkout", "-q", "-b", "feature/ünïcode.x")
    assert state(work.root).branch == "feature/ünïcode.x"


def test_a_worktree_has_its_own_branch_and_changes(work, tmp_path):
    work.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    work.write("train.py", "other")
    assert state(tmp_path / "side") == Git(commit=work.git("rev-parse", "HEAD"), branch="side")
    (tmp_path / "side" / "data" / "rows.csv").write_text("more")
    assert state(tmp_path / "side").changed == ("data/rows.csv",)


def test_a_submodule_changes_with_its_commit(work, tmp_path, new_work):
    library = new_work(tmp_path / "library")
    work.git("submodule", "--quiet", "add", str(library.root), "library")
    work.commit()
    assert not state(work.root).is_dirty
    inside = work.root / "library"
    assert state(inside) == Git(library.git("rev-parse", "HEAD"), "main", remote=str(library.root))
    within = type("At", (), {"root": inside})()
    new_work.git(within, "commit", "-q", "--allow-empty", "-m", "more")
    assert state(work.root).changed == ("library",)
    shutil.rmtree(inside)
    inside.mkdir()
    assert not state(work.root).is_dirty


def test_a_bare_repository_has_a_head_and_no_files(tmp_path, work):
    work.git("clone", "-q", "--bare", str(work.root), str(tmp_path / "bare.git"))
    assert state(tmp_path / "bare.git") == Git(work.git("rev-parse", "HEAD"), "main", remote=str(work.root))


def test_a_repository_of_sha256_is_read(tmp_path, new_work):
    work = new_work(tmp_path / "long", "--object-format=sha256")
    os.utime(work.root / "train.py", (1_000_000_000, 1_000_000_000))
    found = state(work.root)
    assert len(found.commit) == 64
    assert not found.is_dirty
    work.write("train.py", "train.py, as it WAS\n")
    assert state(work.root).changed == ("train.py",)


def test_long_lists_are_cut_but_still_dirty(work):
    for number in range(250):
        work.write(f"file-{number:03d}", "x")
    found = state(work.root)
    assert len(found.changed) == 200
    assert found.is_dirty


def test_it_agrees_with_git_about_a_busy_tree(work):
    for number in range(60):
        work.write(f"pkg{number % 4}/file{number}.py", f"{number}\n")
    work.git("add", ".")
    work.commit()
    for number in range(0, 60, 5):
        work.write(f"pkg{number % 4}/file{number}.py", f"{number + 1}\n")
    for number in range(3, 60, 7):
        (work.root / f"pkg{number % 4}/file{number}.py").unlink(missing_ok=True)
    work.git("add", "pkg1")
    found = set(state(work.root).changed)
    assert found == as_git_says(work)
    assert found


def test_an_evil_repository_runs_nothing(evil, tmp_path):
    commit = (evil.root / ".git" / "refs" / "heads" / "main").read_text().strip()
    os.utime(evil.root / "train.py", (1_000_000_000, 1_000_000_000))
    os.utime(evil.root / ".git" / "index", (1, 1))  # every entry in doubt
    assert state(evil.root) == Git(commit=commit, branch="main")
    evil.write("train.py", "train.py, as it WAS\n")
    evil.write("data/rows.csv", "longer than before, by far")
    evil.write("new.py", "x")
    probe = GitProbe(str(evil.root)).start()
    changed = ("data/rows.csv", "new.py", "train.py")
    assert probe.collect(30.0) == Git(commit=commit, branch="main", is_dirty=True, changed=changed)
    assert b"+train.py, as it WAS\n" in probe.patch(30.0)
    assert markers(tmp_path) == []


def test_the_same_evil_does_run_when_git_compares(evil, tmp_path):
    evil.write("train.py", "train.py, as it WAS\n")
    subprocess.run(["git", "ls-files", "--modified"], cwd=evil.root, capture_output=True, check=False)
    assert markers(tmp_path)  # or the test above proves nothing


def test_a_partial_clone_fetches_nothing(evil, tmp_path):
    tree = evil.git("-c", "core.fsmonitor=false", "rev-parse", "HEAD^{tree}")
    for marker in tmp_path.glob("marker*"):
        marker.unlink()
    with (evil.root / ".git" / "config").open("a") as config:
        config.write("[core]\n repositoryformatversion = 1\n[extensions]\n partialClone = origin\n")
        config.write('[protocol]\n allow = always\n[protocol "ext"]\n allow = always\n')
        config.write(f'[remote "origin"]\n promisor = true\n url = "ext::sh -c \\"touch {tmp_path}/marker-fetch\\""\n')
    (evil.root / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    found = state(evil.root)
    assert found.problem.startswith("git refused")
    assert markers(tmp_path) == []


def test_nothing_in_the_repository_is_written(work):
    os.utime(work.root / "train.py", (1_000_000_000, 1_000_000_000))
    before = {path: path.lstat().st_mtime_ns for path in (work.root / ".git").rglob("*")}
    state(work.root)
    assert {path: path.lstat().st_mtime_ns for path in (work.root / ".git").rglob("*")} == before


def test_an_environment_that_points_elsewhere_is_not_followed(work, tmp_path, new_work, monkeypatch):
    other = new_work(tmp_path / "other")
    other.write("train.py", "dirty")
    for name, value in {"GIT_DIR": ".git", "GIT_WORK_TREE": ".", "GIT_INDEX_FILE": ".git/index"}.items():
        monkeypatch.setenv(name, str(other.root / value))
    found = state(work.root)
    monkeypatch.undo()
    assert (found.commit, found.is_dirty) == (work.git("rev-parse", "HEAD"), False)


def test_a_git_of_the_repository_itself_is_not_run(work, tmp_path, monkeypatch):
    program = work.write("git", f"#!/bin/sh\ntouch {tmp_path}/marker-git\n")
    program.chmod(0o755)
    monkeypatch.chdir(work.root)
    monkeypatch.setenv("PATH", ".")
    assert state(work.root).problem == "git is not installed"
    assert markers(tmp_path) == []


def test_without_git_the_commit_is_known_all_the_same(work, monkeypatch):
    commit = work.git("rev-parse", "HEAD")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert state(work.root) == Git(commit=commit, branch="main", problem="git is not installed")


def test_a_repository_of_somebody_else_is_refused_by_git_and_stays_refused(work, tmp_path, monkeypatch):
    commit = work.git("rev-parse", "HEAD")
    stand_in(tmp_path, monkeypatch, 'GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "$REAL_GIT" "$@"')
    found = state(work.root)
    assert (found.commit, found.is_dirty) == (commit, False)
    assert found.problem.startswith("git refused: detected dubious ownership")
    assert not (tmp_path / "home" / ".gitconfig").exists()


def test_a_slow_git_becomes_a_problem_and_is_waited_for_once(work, tmp_path, monkeypatch):
    commit = work.git("rev-parse", "HEAD")
    stand_in(tmp_path, monkeypatch, "exec sleep 30")
    waited, wait = [], threading.Event.wait

    def note(event, timeout=None):
        waited.append(timeout)
        return wait(event, timeout)

    assert git_state(str(work.root), 0.5) == Git(commit=commit, branch="main", problem="git took too long")
    probe = GitProbe(str(work.root)).start()
    time.sleep(0.1)
    monkeypatch.setattr(threading.Event, "wait", note)
    assert probe.collect(0.5).problem == "git took too long"
    assert waited
    assert max(waited) < 0.5


def test_a_git_that_speaks_otherwise_becomes_a_problem(work, tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "echo hello")
    assert state(work.root).problem == "git lists its index in an unknown form"


def test_the_answer_is_of_the_moment_at_which_git_was_asked_and_waits_for_nobody(work):
    probe = GitProbe(str(work.root)).start()
    assert probe.collect(30.0) == probe.collect(0.0)
    assert probe.collect(0.0).problem == ""


@pytest.mark.parametrize(
    "head",
    [
        "",
        "ref: ../../../etc/passwd",
        "ref: refs/../../../../etc/passwd",
        "ref: /etc/passwd",
        "\0\xff",
        "ref: refs/heads/main" * 999,
        "f" * 39,
    ],
)
def test_a_head_that_makes_no_sense_is_a_problem_or_no_commit(work, head):
    (work.root / ".git" / "HEAD").write_text(head)
    found = state(work.root)
    assert found.commit == ""
    assert found.problem
    assert "root:" not in repr(found)


def test_refs_that_go_in_circles_end(work):
    (work.root / ".git" / "refs" / "heads" / "main").write_text("ref: refs/heads/main\n")
    assert state(work.root).commit == ""


def test_a_pipe_in_the_place_of_head_is_not_waited_for(work):
    head = work.root / ".git" / "HEAD"
    head.unlink()
    os.mkfifo(head)
    assert state(work.root) is None


def test_an_empty_folder_named_dot_git_is_no_repository(work):
    inner = work.root / "data" / "inner"
    (inner / ".git").mkdir(parents=True)
    assert state(inner).commit == work.git("rev-parse", "HEAD")
    assert state(inner).branch == "main"


def test_a_damaged_index_is_a_problem_and_a_torn_one_is_not_called_clean(work):
    index = work.root / ".git" / "index"
    whole = index.read_bytes()
    index.write_bytes(b"x" * len(whole))
    assert state(work.root).problem.startswith("git refused")
    index.write_bytes(whole[:40])
    found = state(work.root)
    assert found.is_dirty or found.problem


def test_a_folder_that_may_not_be_read_is_no_crash(work):
    hidden = work.root / "data"
    hidden.chmod(0)
    try:
        assert type(state(work.root)) is Git
    finally:
        hidden.chmod(stat.S_IRWXU)


def test_no_process_outlives_its_answer(work):
    state(work.root)
    if sys.platform == "linux":
        own = [line for line in _children() if "git" in line]
        assert own == []


def _children():
    for listing in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        for child in listing.read_text().split():
            yield Path(f"/proc/{child}/comm").read_text().strip()


def test_a_lake_makes_its_repository_no_dirtier(work):
    work.write(".mvlake/lake.toml", "format = 1\n")
    work.write("deeper/.mvlake/lake.toml", "format = 1\n")
    assert not state(work.root).is_dirty
    work.write("deeper/other.py", "x = 1\n")
    assert state(work.root).is_dirty
