"""Programs in processes of their own, with and without tracking."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from mvlake.lake.lake import Lake


@dataclass(frozen=True)
class Done:
    """What became of a process."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Programs:
    """A folder in which programs run, and its lake."""

    folder: Path

    def run(self, source, *, name="train.py", command=(), disabled=False, given=None):
        """Run a program, and return how it ended."""
        (self.folder / name).write_text(dedent(source))
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MVLAKE")}
        environment |= {"MVLAKE_DISABLE": "1"} if disabled else {}
        done = subprocess.run(
            [sys.executable, *(command or (name,))], cwd=self.folder, env=environment, input=given, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)

    def same(self, source, **how):
        """Run a program without us, then with us, and return how it ended both times."""
        without, tracked = self.run(source, disabled=True, **how), self.run(source, **how)
        assert tracked == without
        return tracked

    @property
    def lake(self):
        return Lake.open(self.folder, create=False)

    def version(self, ref="fraud"):
        return self.lake.show(ref).entry.version


@pytest.fixture
def programs(tmp_path):
    return Programs(tmp_path)
