import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import mvlake
from mvlake.capture.script import Run
from mvlake.handlers.contract import Handler
from mvlake.testing.handlers import HandlerContract

SNAPSHOT = Path(__file__).with_name("public_api.txt")
REWRITE = "mvlake changed what others may call. If that is meant, say so in CHANGELOG.md, and put this into public_api.txt:\n\n"
CLASSES = (mvlake.Lake, mvlake.MvlakeError, Run, Handler, HandlerContract)


def written(function):
    """Return names, kinds and defaults of a function's parameters; annotations print differently from one Python to the next."""
    parts, has_star = [], False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not has_star:
            parts.append("*")
        has_star = has_star or parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL)
        star = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        given = parameter.default
        default = "" if given is parameter.empty else f"={given.__name__ if inspect.isfunction(given) else repr(given)}"
        parts.append(f"{star}{parameter.name}{default}")
    return f"({', '.join(parts)})"


def members(kind):
    found_in = {
        name: found for base in reversed(kind.__mro__) if base.__module__.startswith("mvlake") for name, found in vars(base).items()
    }
    for name, found in sorted(found_in.items()):
        if name.startswith(("_", "test_")) and name not in ("__call__", "__enter__", "__exit__"):
            continue
        if isinstance(found, property):
            yield f"{kind.__name__}.{name}"
        elif callable(found) or isinstance(found, classmethod | staticmethod):
            yield f"{kind.__name__}.{name}{written(getattr(kind, name))}"


def public_api():
    public = [(name, getattr(mvlake, name)) for name in sorted(mvlake.__all__)]
    functions = [f"mvlake.{name}{written(found)}" for name, found in public if inspect.isfunction(found)]
    return "\n".join([*functions, *(line for kind in CLASSES for line in members(kind))]) + "\n"


def test_what_others_may_call_is_what_is_written_down():
    assert SNAPSHOT.read_text(encoding="utf-8") == public_api(), REWRITE + public_api()


@pytest.mark.parametrize("name", mvlake.__all__)
def test_a_public_name_can_be_had(name):
    assert getattr(mvlake, name) is not None
    assert name in dir(mvlake)


@pytest.mark.parametrize("name", sorted(set(mvlake.__all__) - {"__version__"}))
def test_a_public_name_is_documented(name):
    assert inspect.getdoc(getattr(mvlake, name))


def test_a_public_name_is_the_object_at_home():
    for name, home in mvlake._HOMES.items():
        assert getattr(mvlake, name) is getattr(importlib.import_module(home), name)
        assert name in mvlake.__all__


def test_what_is_not_public_is_missed_as_usual():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        mvlake.nothing


def test_star_import_gives_the_public_names():
    program = "from mvlake import *\nprint(sorted(name for name in globals() if name in __import__('mvlake').__all__))"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == str(sorted(mvlake.__all__))


def test_the_version_is_that_of_the_package():
    assert mvlake.__version__ == importlib.import_module("mvlake._version").__version__


def test_the_package_says_that_it_is_typed():
    assert (Path(mvlake.__file__).parent / "py.typed").is_file()
