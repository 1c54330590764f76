"""Real git repositories, made with no configuration but their own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


class Work:
    """A repository with one commit of `train.py` and `data/rows.csv`."""

    def __init__(self, root: Path, *options: str) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)
        for file in ("train.py", "data/rows.csv"):
            self.write(file, f"{file}, as it was\n")
        self.git("add", ".")
        self.commit()

    def git(self, *words: str) -> str:
        identity = ("-c", "user.name=ana", "-c", "user.email=ana@example.org", "-c", "protocol.file.allow=always")
        done = subprocess.run(["git", *identity, *words], cwd=self.root, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, message: str = "work") -> str:
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        return file


@pytest.fixture(autouse=True)
def _nobody_is_configured(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def new_work():
    return Work


@pytest.fixture
def work(tmp_path):
    return Work(tmp_path / "work")


EVIL = """
[core]
    fsmonitor = touch {marker}-fsmonitor
    hooksPath = {hooks}
    sshCommand = touch {marker}-ssh
    pager = touch {marker}-pager
    editor = touch {marker}-editor
    untrackedCache = true
[diff]
    external = touch {marker}-external
[diff "evil"]
    textconv = touch {marker}-textconv
    command = touch {marker}-diff-command
[filter "evil"]
    clean = touch {marker}-clean; cat
    smudge = touch {marker}-smudge; cat
    process = touch {marker}-process
    required = true
[alias]
    ls-files = !touch {marker}-alias
    ls-tree = !touch {marker}-alias
[uploadpack]
    packObjectsHook = touch {marker}-pack
[credential]
    helper = !touch {marker}-credential
[interactive]
    diffFilter = touch {marker}-interactive
"""


@pytest.fixture
def evil(work, tmp_path):
    work.write(".gitattributes", "* filter=evil diff=evil\n")
    work.git("add", ".")
    work.commit()
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "post-checkout", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman"):
        hook = hooks / name
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/marker-hook-{name}\n")
        hook.chmod(0o755)
        shutil.copy(hook, work.root / ".git" / "hooks" / name)
    with (work.root / ".git" / "config").open("a") as config:
        config.write(EVIL.format(marker=tmp_path / "marker", hooks=hooks))
    return work
