import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from mvlake.errors import MissingLibrary, NoHandler
from mvlake.handlers import lookup
from mvlake.handlers.lookup import handler_for, handler_named
from mvlake.testing.traps import Trap


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A folder of distributions beside those that are installed."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(distribution, name, value, modules=()):
        info = tmp_path / f"{distribution}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[mvlake.handlers]\n{name} = {value}\n")
        for module, text in modules:
            (tmp_path / f"{module}.py").write_text(text)
        lookup._declared.cache_clear()
        handler_named.cache_clear()

    yield install
    lookup._declared.cache_clear()
    handler_named.cache_clear()


def test_a_value_of_python_goes_to_the_plain_handler():
    assert handler_for({"a": 1}).name == "plain"


def test_the_most_specific_library_wins():
    import numpy as np

    assert handler_for(np.float64(1)).name == "numpy"  # it is a float, too


def test_a_stranger_is_refused_and_none_of_its_code_runs():
    trap = Trap()
    Trap.sprung(trap)
    with pytest.raises(NoHandler, match="cannot keep a Trap"):
        handler_for(trap)
    assert Trap.sprung(trap) == []


def test_a_class_that_lies_about_its_module_is_no_trouble():
    class Liar:
        __module__ = property(lambda self: 1 / 0)

    with pytest.raises(NoHandler):
        handler_for(Liar())


def test_the_refusal_gives_the_reason_of_the_nearest_library():
    class Mine(dict):
        pass

    with pytest.raises(NoHandler, match="not a plain value: Mine"):
        handler_for(Mine())


def test_a_name_that_nobody_declares_has_no_handler():
    with pytest.raises(NoHandler, match='no installed package declares a handler "nothing"'):
        handler_named("nothing")


def test_a_handler_whose_library_is_absent_names_the_library(installed):
    installed("first", "faraway", "faraway_handler:handler", [("faraway_handler", "import faraway.deep")])
    with pytest.raises(MissingLibrary, match="needs faraway, which is not installed"):
        handler_named("faraway")


def test_two_distributions_that_claim_a_name_are_both_named(installed):
    installed("first", "contested", "one:handler")
    installed("second", "contested", "two:handler")
    with pytest.raises(NoHandler, match=r"claimed by .*(first|second).* and .*(first|second)"):
        handler_named("contested")


def test_a_handler_of_a_stranger_is_found(installed):
    base = "from mvlake.handlers.plain import PlainHandler"
    text = f"{base}\nclass H(PlainHandler):\n    matches = lambda self, obj: True\nhandler = H()"
    installed("first", "things", "things_handler:handler", [("things_handler", text)])
    thing = type("Thing", (), {"__module__": "things.deep"})()
    assert type(handler_for(thing)).__name__ == "H"


def test_what_is_declared_and_is_no_handler_is_refused(installed):
    installed("first", "wrong", "wrong_handler:handler", [("wrong_handler", "handler = 7")])
    with pytest.raises(NoHandler, match="is no Handler"):
        handler_named("wrong")


def test_a_handler_that_is_not_in_its_module_is_refused(installed):
    installed("first", "gone", "gone_handler:handler", [("gone_handler", "")])
    with pytest.raises(NoHandler, match="cannot be loaded"):
        handler_named("gone")


def test_looking_for_a_handler_imports_no_library():
    code = (
        "import sys; from mvlake.handlers.lookup import handler_for; handler_for([1]); "
        "print(sorted({'numpy', 'pandas', 'polars', 'pyarrow', 'sklearn', 'torch'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_an_entry_point_without_a_distribution_can_be_named():
    point = EntryPoint("a", "b:c", "mvlake.handlers")
    assert lookup._owner(point) == "an unnamed distribution"
