"""Parameters of a replay: how they are read, where the cells of a version assign them, and what they become there."""

import math

import pytest

from mvlake.errors import Invalid
from mvlake.lake.assigned import assigned_in, with_params
from mvlake.lake.cells_to_run import CellToRun
from mvlake.lake.given import given_params, read_value


def changed(*sources, **params):
    return [cell.source for cell in with_params("fraud:v1", [CellToRun(source) for source in sources], params)]


@pytest.mark.parametrize(
    ("before", "params", "after"),
    [
        ("depth = 3\nx = depth", {"depth": 7}, "depth = 7\nx = depth"),
        ("%%track fraud\ndepth = 3 # how deep", {"depth": 7}, "%%track fraud\ndepth = 7 # how deep"),
        ("%%time\n%matplotlib inline\ndepth = 3", {"depth": 7}, "%%time\n%matplotlib inline\ndepth = 7"),
        ("!ls\nif True:\n    %pwd\n    rate: float = -1e-3", {"rate": 0.5}, "!ls\nif True:\n    %pwd\n    rate: float = 0.5"),
        ("größe, name = (1, 'ä'); b = 2", {"name": "ö", "b": 3}, "größe, name = (1, 'ö'); b = 3"),
        ("grid = {\n  'a': [1,\n 2]}\nz = 1", {"grid": {"a": [3]}, "z": None}, "grid = {'a': [3]}\nz = None"),
        ("a = b = 3", {"b": 5}, "a = b = 3; b = 5"),
        ("with open(f) as g:\n    lr = 1\ntry:\n    m = 'x'\nfinally:\n    n = 1", {"lr": 2, "n": 4}, "with open(f) as g:\n    lr = 2\ntry:\n    m = 'x'\nfinally:\n    n = 4"),
        ("x = ('one'\n  'two')", {"x": "{y}'\"\n"}, "x = ('{y}\\'\"\\n')"),
        ("x = await f()\nk = 1", {"k": math.inf}, "x = await f()\nk = float('inf')"),
    ],
)  # fmt: skip
def test_a_value_is_changed_where_it_stands(before, params, after):
    assert changed(before, **params) == [after]


def test_of_several_places_the_last_counts():
    assert changed("depth = 3", "depth = 5\ndepth = depth + 0", depth=7) == ["depth = 3", "depth = 7\ndepth = depth + 0"]


def test_what_is_no_literal_at_a_cells_own_level_is_no_parameter():
    source = "a = f()\ndef g():\n    b = 1\nfor i in [1]:\n    c = 1\n_d = 1\n__e__ = 1\nh = [a]\nx.y = 1\nk, *l = 1, 2\nok = 1"
    assert set(assigned_in([CellToRun(source), CellToRun("def ("), CellToRun("%%bash\nn=1")])) == {"ok"}


@pytest.mark.parametrize("name", ["depht", "__builtins__", "_x"])
def test_an_unknown_parameter_is_refused_with_those_that_there_are(name):
    with pytest.raises(Invalid, match="they assign depth, rate") as error:
        changed("depth = 3\nrate = 1\n_x = 1", **{name: 1})
    assert error.value.hint == "-p depth=VALUE"
    with pytest.raises(Invalid, match="they assign none"):
        changed("a = f()", a=1)


def test_a_value_that_no_code_says_is_refused():
    with pytest.raises(Invalid, match="which no code says"):
        changed("a = 1", a=object())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7), ("-1_000", -1000), (".5", 0.5), ("1e-3", 0.001), ("True", True), ("null", None), ("~", None), ("", ""),
        ("'7'", "7"), ('"a\\n"', "a\n"), ("adam", "adam"), ("a=b", "a=b"), ("[1, [sgd, 'a, b'], {k: 2}]", [1, ["sgd", "a, b"], {"k": 2}]),
        ("(1, 2)", (1, 2)), ("{a: 1, 'b': [true]}", {"a": 1, "b": [True]}), ('{"a": [1.5, null]}', {"a": [1.5, None]}), ("[]", []),
        (".inf", math.inf), ("-inf", -math.inf), ("{x}", "refused"), ("[1", "refused"), ("'a", "refused"), ("'a' + 'b'", "refused"),
        ("(" * 200 + ")" * 200, "refused"), ("9" * 5000, "9" * 5000), ("2026-03-03", "2026-03-03"), ("infinity", "infinity"),
    ],
)  # fmt: skip
def test_a_value_reads_as_yaml_does(text, value):
    if value == "refused":
        with pytest.raises(Invalid):
            read_value(text)
    else:
        found = read_value(text)
        assert (found, type(found)) == (value, type(value))


def test_what_gives_no_value_or_no_name_is_refused():
    assert given_params({"depth": (1, 2)}) == {"depth": (1, 2)}
    assert given_params(["depth=a=b"]) == {"depth": "a=b"}
    assert given_params(["depth = 3", "rate=1.0"]) == {"depth": 3, "rate": 1.0}
    for texts in (["depth"], ["a b=1"], ["class=1"], ["a=1", "a=2"], ["a;import os=1"], ["{a}=1"], ["=1"]):
        with pytest.raises(Invalid) as error:
            given_params(texts)
        assert error.value.hint
    with pytest.raises(Invalid, match="too long"):
        read_value("x" * 200_000)
