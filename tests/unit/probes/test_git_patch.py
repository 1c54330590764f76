"""What the files of a repository have that its last commit has not: `git apply` makes the one of the other."""

import random
import shutil
import subprocess

import pytest

from mvlake.capture.probes.git import GitProbe
from mvlake.capture.probes.git_patch import MAX_PATCH
from mvlake.capture.probes.git_standing import FileState


def patch_of(work):
    probe = GitProbe(str(work.root)).start()
    assert probe.collect(30.0).problem == ""
    return probe.patch(30.0)


def rebuilt(work, tmp_path, patch):
    """Return the files that the last commit and the patch make."""
    other = tmp_path / "other"
    shutil.rmtree(other, ignore_errors=True)
    subprocess.run(["git", "clone", "-q", work.root, other], check=True, capture_output=True)
    if b"diff --git" in patch:
        subprocess.run(["git", "apply", "-"], input=patch, cwd=other, check=True, capture_output=True)
    return files_of(other)


def files_of(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }


def test_a_clean_repository_has_an_empty_patch(work):
    assert patch_of(work) == b""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("a\nb\n", "a\nb"),
        ("a\nb", "a\nb\n"),
        ("a", "b"),
        ("", "a\n"),
        ("a\n", ""),
        ("a\n", "a\n\n"),
        ("a\n\n", "a\n"),
        ("a\n", "a\n\nb"),
        ("x\n" * 30, "x\n" * 12 + "y\n" + "x\n" * 18),
        ("".join(f"{n}\n" for n in range(60)), "".join(f"{n}\n" for n in range(60) if n not in (3, 11, 40, 41, 59))),
        ("ünï\r\nb\n", "ünï\r\nc\n"),
        ("\ufeffa\n", "a\n"),
    ],
)
def test_a_commit_and_its_patch_make_the_file(work, tmp_path, before, after):
    work.write("part/code.py", before)
    work.git("add", ".")
    work.commit()
    work.write("part/code.py", after)
    assert rebuilt(work, tmp_path, patch_of(work)) == files_of(work.root)


def test_many_random_edits_are_told_exactly(work, tmp_path):
    chance = random.Random(1)
    for round_ in range(12):
        lines = [chance.choice(["a", "b", "", "c"]) for _ in range(chance.randrange(40))]
        work.write("code.py", "\n".join(lines))
        work.git("add", ".")
        work.commit(f"round {round_}")
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(lines) + 1)
            lines[at : at + chance.randrange(3)] = [chance.choice(["a", "x", ""]) for _ in range(chance.randrange(3))]
        work.write("code.py", "\n".join(lines))
        assert rebuilt(work, tmp_path, patch_of(work)) == files_of(work.root)


def test_files_that_came_and_went_are_in_it_and_what_git_does_not_follow_is_not(work, tmp_path):
    work.write("staged.py", "new\n")
    work.write('odd "name"\t.py', "x = 1\n")
    work.git("add", ".")
    (work.root / "train.py").unlink()
    patch = patch_of(work)
    assert rebuilt(work, tmp_path, patch) == files_of(work.root)
    work.write("untracked.py", "secret plans")
    assert b"untracked" not in patch_of(work)


def test_what_is_binary_large_or_a_notebook_is_named_and_not_shown(work):
    for name in ("model.bin", "rows.txt", "work.ipynb"):
        work.write(name, "as it was\n")
    work.git("add", ".")
    work.commit()
    work.write("model.bin", "with a zero \0")
    work.write("rows.txt", "many rows\n" * 100_000)
    work.write("work.ipynb", '{"cells": []}')
    assert patch_of(work).decode().splitlines() == [
        "# not shown, binary or large: model.bin",
        "# not shown, binary or large: rows.txt",
        "# not shown, a notebook: work.ipynb",
    ]


def test_a_patch_is_bounded(work):
    for number in range(6):
        work.write(f"f{number}.txt", "")
    work.git("add", ".")
    work.commit()
    for number in range(6):
        work.write(f"f{number}.txt", "".join(f"{number} {line}\n" for line in range(40_000)))
    patch = patch_of(work)
    assert len(patch) < MAX_PATCH + 100
    assert patch.endswith(b"more files differ\n")


def test_the_same_files_are_compared_once(work, monkeypatch):
    work.write("train.py", "other\n")
    first = patch_of(work)
    monkeypatch.setattr("mvlake.capture.probes.git.patch_of", lambda *_: pytest.fail("it was worked out again"))
    assert patch_of(work) == first


def test_line_ends_that_git_would_convert_are_no_change_of_every_line(work):
    work.write("code.py", "a\nb\nc\n")
    work.git("add", ".")
    work.commit()
    work.write("code.py", "a\r\nB\r\nc\r\n")
    assert patch_of(work).count(b"\n-") == 2  # the file's own line, and that of its name


def test_a_partial_clone_without_contents_says_that_it_cannot_show_them(work):
    digest = work.git("rev-parse", "HEAD:train.py")
    (work.root / ".git" / "objects" / digest[:2] / digest[2:]).unlink()
    work.write("train.py", "other\n")
    assert patch_of(work) == b"# not shown, binary or large: train.py\n"


def test_what_git_knows_of_a_file(work, tmp_path, new_work):
    library = new_work(tmp_path / "library")
    work.git("submodule", "add", "-q", str(library.root), "inside")
    work.write("new/code.py", "x")
    work.write("train.py", "other")
    work.write(".gitignore", "ignored.py\n")
    work.write("ignored.py", "x")
    probe = GitProbe(str(work.root)).start()
    probe.collect(30.0)
    standing = probe.standing()
    told = {name: standing.state_of(str(work.root / name)) for name in ("train.py", "data/rows.csv", "new/code.py", "ignored.py")}
    assert told == {
        "train.py": FileState.MODIFIED,
        "data/rows.csv": FileState.COMMITTED,
        "new/code.py": FileState.UNTRACKED,
        "ignored.py": FileState.UNTRACKED,
    }
    assert standing.state_of(str(work.root / "inside" / "train.py")) is FileState.UNKNOWN
    assert standing.state_of(str(tmp_path / "elsewhere.py")) is FileState.UNKNOWN


# --- where it was cloned from ------------------------------------------------------------------------------------


def remote_of(work):
    return GitProbe(str(work.root)).start().collect(30.0).remote


def test_the_remote_is_the_one_that_the_branch_follows(work):
    assert remote_of(work) == ""
    work.git("remote", "add", "other", "https://example.org/other.git")
    assert remote_of(work) == "https://example.org/other.git"
    work.git("remote", "add", "origin", "https://ana:ghp_s3cret@example.org/team/fraud.git")
    assert remote_of(work) == "https://example.org/team/fraud.git"
    work.git("config", "branch.main.remote", "other")
    assert remote_of(work) == "https://example.org/other.git"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://token@host/a.git", "https://host/a.git"),
        ("https://x-access-token:abc@def@host:8443/a.git?private_token=abc#abc", "https://host:8443/a.git"),
        ("ssh://git@host:22/a.git", "ssh://host:22/a.git"),
        ("git@host:a/b.git", "host:a/b.git"),
        ("user:secret@host:a/b.git", "host:a/b.git"),
        ("/srv/git/a.git", "/srv/git/a.git"),
        ("../a.git", "../a.git"),
        ('"quoted;#.git"', "quoted;"),
        ("https://host/a.git # remark", "https://host/a.git"),
        ("https://host/\\\n  a.git", "https://host/  a.git"),
    ],
)
def test_no_credential_is_in_the_remote(work, url, told):
    with (work.root / ".git" / "config").open("a") as config:
        config.write(f'[Remote "origin"] \n\tURL = {url}\n')
    found = remote_of(work)
    assert found == told
    assert not any(word in found for word in ("token", "abc", "secret"))


def test_a_configuration_that_makes_no_sense_has_no_remote(work):
    (work.root / ".git" / "config").write_bytes(b'[remote "origin\nurl\n= x\n[\x00]\nurl = \xff')
    assert remote_of(work) == ""
