"""The running mvlake as a wheel: the same bytes each time, and it can be imported from where an installer puts it."""

import subprocess
import sys
import zipfile

from mvlake._version import __version__
from mvlake.lake.own_wheel import own_wheel


def test_the_wheel_holds_this_mvlake_and_is_the_same_each_time(tmp_path):
    one, two = (own_wheel(folder) for folder in (tmp_path / "a", tmp_path / "b") if folder.mkdir() is None)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as file:
        names = file.namelist()
        file.extractall(tmp_path / "installed")
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    code = (
        "import mvlake, mvlake.lake.runner as r; from importlib.metadata import version, entry_points\n"
        "print(mvlake.__file__, version('mvlake'), r.runner_named('papermill').run.__module__)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(tmp_path / "installed")}, capture_output=True, text=True
    )
    assert ran.stdout.split() == [str(tmp_path / "installed/mvlake/__init__.py"), __version__, "mvlake.replay.papermill"], (
        ran.stderr
    )
