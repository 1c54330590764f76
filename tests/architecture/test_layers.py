import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]

LAYERS = "Imports only point down, siblings never meet"
CORE = "The core is pure: standard library alone"
VIEW = "A view is a function of what it is given"
DOORS = "Doors knock at the lake"
USERS = "The users' libraries live in handlers"


@pytest.fixture
def copy(tmp_path):
    """Return the root of a copy of the package, in which a test may do what nobody should."""
    shutil.copytree(REPOSITORY / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "_lab"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def lint(root):
    """Return the exit code of import-linter in a folder, and the contracts that it says are broken."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache", "--no-logo"]
    environment = os.environ | {"PYTHONPATH": str(root / "src"), "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, encoding="utf-8")
    shown = done.stdout + done.stderr
    names = [contract["name"] for contract in CONTRACTS]
    assert all(f"{name} KEPT" in shown or f"{name} BROKEN" in shown for name in names), shown
    return done.returncode, {name for name in names if f"{name} BROKEN" in shown}, shown


def plant(root, module, code):
    path = root / "src" / "mvlake" / module
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else '"""New."""\n') + code, encoding="utf-8")


def test_every_contract_is_kept():
    code, broken, shown = lint(REPOSITORY)
    assert (code, broken) == (0, set()), shown


@pytest.mark.parametrize(
    ("module", "code", "contract"),
    [
        ("compare/diff.py", "\n\ndef hidden():\n    import pandas\n\n    return pandas\n", CORE),
        ("compare/diff.py", "\n\ndef hidden():\n    import pandas\n\n    return pandas\n", USERS),
        ("records/record.py", "\nfrom blake3 import blake3\n", CORE),
        ("errors/root.py", "\nimport rich\n", CORE),
        ("view/text.py", "\nfrom mvlake.lake.lake import Lake\n", VIEW),
        ("view/card.py", "\n\ndef hidden():\n    from mvlake.store.local import LocalStore\n\n    return LocalStore\n", VIEW),
        ("cli/main.py", "\nfrom mvlake.store.local import LocalStore\n", DOORS),
        ("magics/show.py", "\nfrom mvlake.handlers.lookup import handler_for\n", DOORS),
        ("lake/status.py", "\nimport duckdb\n", "duckdb lives in index"),
        ("lake/status.py", "\nfrom IPython.display import display\n", "IPython lives in capture and magics"),
        ("view/html.py", "\nfrom IPython.display import HTML\n", "IPython lives in capture and magics"),
        ("capture/snapshot.py", "\n\ndef hidden():\n    import papermill\n\n    return papermill\n", "papermill lives in replay"),
        ("capture/snapshot.py", "\nimport numpy as np\n", USERS),
        ("records/record.py", "\nfrom mvlake.store.seal import seal\n", LAYERS),
        ("lake/replay.py", "\nfrom mvlake.replay.papermill import runner\n", LAYERS),
        ("store/log.py", "\nfrom mvlake.index.index import Index\n", LAYERS),
        ("capture/kernel.py", "\nfrom mvlake.view.card import card_text\n", LAYERS),
        ("lake/status.py", "\nimport mvlake\n", LAYERS),
        ("shiny/thing.py", "", LAYERS),
    ],
    ids=lambda text: " ".join(text.split())[:40],
)
def test_a_planted_import_breaks_its_contract(copy, module, code, contract):
    if module.startswith("shiny"):
        plant(copy, "shiny/__init__.py", "")
    plant(copy, module, code)
    exit_code, broken, shown = lint(copy)
    assert exit_code == 1, shown
    assert contract in broken, shown


def test_the_copy_in_which_nothing_is_planted_keeps_every_contract(copy):
    code, broken, shown = lint(copy)
    assert (code, broken) == (0, set()), shown


def test_every_folder_has_its_layer():
    folders = {path.name for path in (REPOSITORY / "src" / "mvlake").iterdir() if (path / "__init__.py").exists()}
    [contract] = [contract for contract in CONTRACTS if contract["name"] == LAYERS]
    placed = {name.strip() for layer in contract["layers"] for name in layer.split("|")}
    assert folders <= placed
    assert contract["exhaustive"] is True
