import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
HEAVY = [
    "duckdb",
    "matplotlib",
    "nbclient",
    "nbformat",
    "numpy",
    "pandas",
    "papermill",
    "polars",
    "pyarrow",
    "rich",
    "sklearn",
    "torch",
]
SHELL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
"""
LOADED = f"""
{SHELL}
assert shell.extension_manager.load_extension("mvlake") is None
assert "track" in shell.magics_manager.magics["cell"]
"""


def modules_after(code, tmp_path):
    """Return the names of all modules that a fresh process has loaded after this code."""
    program = f"import json, sys\n{code}\nprint('modules', json.dumps(sorted(sys.modules)))"
    environment = os.environ | {"PYTHONPATH": str(SOURCE), "IPYTHONDIR": str(tmp_path), "MVLAKE_LAKE": str(tmp_path / "lake")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    [line] = [line for line in done.stdout.splitlines() if line.startswith("modules ")]
    return set(json.loads(line.removeprefix("modules ")))


def heavy(modules):
    return sorted(name for name in HEAVY if name in modules)


def test_importing_the_package_loads_nothing_heavy_and_no_ipython(tmp_path):
    modules = modules_after("import mvlake", tmp_path)
    assert "mvlake" in modules
    assert heavy(modules) == []
    assert "IPython" not in modules


def test_importing_the_package_loads_itself_alone(tmp_path):
    assert {name for name in modules_after("import mvlake", tmp_path) if name.startswith("mvlake")} == {"mvlake", "mvlake._version"}


def test_public_names_load_nothing_heavy_and_no_ipython(tmp_path):
    modules = modules_after("import mvlake\n[getattr(mvlake, name) for name in mvlake.__all__]", tmp_path)
    assert "mvlake.lake.lake" in modules
    assert heavy(modules) == []
    assert "IPython" not in modules


def test_loading_the_extension_loads_nothing_heavy(tmp_path):
    modules = modules_after(LOADED, tmp_path)
    assert "mvlake.magics.mv" in modules
    assert heavy(modules) == []


def test_committing_does_not_load_the_index(tmp_path):
    code = f"{LOADED}\nassert shell.run_cell('%%track light\\nx = [1, 2, 3]\\nscore = 0.5').success\n"
    code += "from mvlake import Lake\nassert Lake.open(create=False).latest('light') == 1"
    assert heavy(modules_after(code, tmp_path)) == []


def test_reading_what_a_script_asks_most_loads_nothing_heavy(tmp_path):
    code = "from mvlake import Lake\nlake = Lake.in_memory()\nlake.log(), lake.labels(), lake.status(), lake.verify(), Lake.help()"
    assert heavy(modules_after(code, tmp_path)) == []


@pytest.mark.parametrize("name", HEAVY)
def test_the_probe_sees_what_is_loaded(name, tmp_path):
    code = f"import sys, types\nsys.modules[{name!r}] = types.ModuleType({name!r})"
    assert heavy(modules_after(code, tmp_path)) == [name]
