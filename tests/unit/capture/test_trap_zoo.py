"""Nothing of a stranger's object runs while it is classified, whatever it is: every special method there is has a spring on it."""

import contextlib

import pytest

from mvlake.capture.namespace import bound_since, identities, is_data, is_users
from mvlake.errors import MvlakeError
from mvlake.handlers.lookup import handler_for
from mvlake.lake.preserve import type_name
from mvlake.records.plain import to_plain
from mvlake.testing.traps import NAMES, zoo


def fail(name):
    raise AssertionError(name)


def lie(name):
    return {"len": 10**9, "bool": True, "class": dict, "sizeof": 7, "hash": 1, "index": 3, "repr": "x", "iter": iter(())}.get(name)


@pytest.mark.parametrize("act", [fail, lie], ids=["raising", "lying"])
def test_nothing_is_called_while_objects_are_classified(act):
    log = []
    made = zoo(log, act)
    assert len(made) >= 16
    for name, thing in made.items():
        namespace = {name: thing}
        is_users(name)
        before = identities(namespace)
        assert bound_since(before, namespace, frozenset()) == frozenset()
        assert is_data(thing)
        assert type_name(thing)
        for call in (handler_for, to_plain):
            with contextlib.suppress(MvlakeError, TypeError, ValueError):
                call(thing)
            assert log == [], (name, call.__name__)
        with contextlib.suppress(MvlakeError):
            handler_for([{"deep": (thing,)}])
        assert log == [], name


def test_every_special_method_of_the_data_model_has_a_spring():
    assert len(NAMES) >= 130
    assert {"eq", "len", "bool", "repr", "iter", "reduce_ex", "getattribute", "array", "dataframe", "aenter", "matmul"} <= set(
        NAMES
    )


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("getattribute", "hash")])
def test_the_springs_work(name):
    log = []
    made = zoo(log, lie)["OfObject"]
    getattr(type(made), f"__{name}__")(made)
    assert log == [f"OfObject.{name}"]
