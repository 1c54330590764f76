import ast
import functools
import re
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "src" / "mvlake"
PAGE = REPOSITORY / "docs" / "design" / "dependencies.md"

# Brought by a user's own libraries, and by nobody of ours.
BROUGHT = {"numpy": {"handlers"}}


def rows():
    """Return the rows of the page: distribution → bound, modules, folders, reason, versions run with."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            name, bound, modules, folders, reason, run = (cell.strip() for cell in line.strip("| ").split(" | "))
            assert name.strip("`") not in found, name
            found[name.strip("`")] = (bound.strip("`"), ticked(modules), ticked(folders), reason, run)
    return found


def ticked(text):
    return set(re.findall(r"`([^`]+)`", text))


def declared():
    """Return each distribution that the project declares, with the bounds that it declares anywhere."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = {}
    for group in [project["dependencies"], *project["optional-dependencies"].values()]:
        for requirement in group:
            name, _, bound = re.fullmatch(r"([a-z0-9-]+)(\[[a-z]+\])?(.*)", requirement).groups()
            found.setdefault(name, set()).add(bound)
    found.pop("mvlake", None)
    return found


@functools.cache
def imports():
    """Return who imports what of others: (folder, module, file), those inside functions and for type checkers too."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        folder = path.relative_to(PACKAGE).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: imports are absolute"
                names = [node.module or ""]
            else:
                continue
            tops = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"mvlake"}
            found |= {(folder, top, path.relative_to(PACKAGE).as_posix()) for top in tops}
    return found


def test_every_dependency_has_a_reason():
    assert set(rows()) == set(declared())
    for name, (_, modules, _, reason, run) in rows().items():
        assert modules, name
        assert len(reason.split()) >= 2, name
        assert run, name


@pytest.mark.parametrize("name", sorted(declared()))
def test_the_page_says_the_bound_that_is_declared(name):
    assert rows()[name][0] in declared()[name]


def test_a_library_is_imported_only_where_the_page_allows_it():
    allowed = {name: set(folders) for name, folders in BROUGHT.items()}
    for _, modules, folders, _, _ in rows().values():
        for module in modules:
            allowed.setdefault(module, set()).update(folders)
    # The package itself names IPython's shell for the type checker, and imports nothing.
    strays = {one for one in imports() if one[0] not in allowed.get(one[1], ()) and one[1:] != ("IPython", "__init__.py")}
    assert strays == set()


def test_what_the_page_allows_is_a_folder():
    for name, (_, _, folders, _, _) in rows().items():
        for folder in folders:
            assert (PACKAGE / folder).is_dir(), name


@pytest.mark.parametrize(
    ("folder", "module"),
    [
        ("index", "duckdb"),
        ("replay", "papermill"),
        ("magics", "IPython"),
        ("handlers", "pandas"),
        ("view", "rich"),
        ("store", "blake3"),
    ],
)
def test_imports_are_seen(folder, module):
    assert (folder, module) in {(one, other) for one, other, _ in imports()}
