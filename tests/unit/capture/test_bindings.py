import ast
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.capture.analysis import analyze
from mvlake.capture.cell_facts import BindingKind

LITERALS = [
    ("x = 3", 3),
    ("x = -1.5", -1.5),
    ("x = 'a'", "a"),
    ("x = None", None),
    ("x = [1, [2]]", [1, [2]]),
    ("x = (1,)", {"$": "tuple", "v": [1]}),
    ("x = {'a': True}", {"a": True}),
    ("x: int = 4", 4),
    ("x, y = 5, f()", 5),
    ("if c:\n    x = 1\nelse:\n    x = 6", 6),
]


@pytest.mark.parametrize(("source", "expected"), LITERALS)
def test_a_pure_literal_is_known_without_running(source, expected):
    binding = analyze(source).bindings["x"]
    assert (binding.kind, binding.literal) == (BindingKind.LITERAL, expected)


CALLS = [
    ("x = accuracy_score(y, p)", "accuracy_score"),
    ("x = model.score(X, y)", "model.score"),
    ("x = float(metrics.f1_score(y, p))", "metrics.f1_score"),
    ("x = round(r2_score(y, p), 3)", "r2_score"),
    ("x = cross_val_score(m, X, y).mean()", "cross_val_score"),
    ("x = np.mean(cross_val_score(m, X, y))", "cross_val_score"),
    ("loss, x = model.evaluate(X, y)", "model.evaluate"),
    ("x = model.evaluate(X, y)[1]", "model.evaluate"),
    ("x = (await measure()).item()", "item"),
]


@pytest.mark.parametrize(("source", "function"), CALLS[:-1])
def test_a_call_is_known_by_its_callee(source, function):
    binding = analyze(source).bindings["x"]
    assert (binding.kind, binding.function) == (BindingKind.CALL, function)


COMPUTED = [
    "x = 1e-3 * 2",
    "x = a",
    "x = a + b",
    "x = 100 * accuracy_score(y, p)",
    "x = 1\nx += 1",
    "x = [a, 1]",
    "x = f'{a}'",
    "x = -a",
]


@pytest.mark.parametrize("source", COMPUTED)
def test_what_computes_is_no_literal(source):
    assert analyze(source).bindings["x"].kind is BindingKind.COMPUTED


@pytest.mark.parametrize("source", ["for x in r:\n    pass", "import x", "def x(): pass", "class x: pass", "with o as x: pass"])
def test_loops_imports_and_definitions_are_other_bindings(source):
    assert analyze(source).bindings["x"].kind is BindingKind.OTHER


CLOCKS = [
    ("t = time.time()", "t"),
    ("t = perf_counter()\nd = perf_counter() - t\nr = round(d / 60, 2)", "t d r"),
    ("a = datetime.datetime.now()\nb = (datetime.now() - a).total_seconds()", "a b"),
    ("s = timeit.default_timer()\nspeed = n / (timeit.default_timer() - s)", "s speed"),
    ("t = time.time()\nt = 3", ""),
    ("t0, n = time.time(), 3", "t0"),
    ("x = np.repeat(a, 2)\ny = run.time()", ""),
    ("t = time.time()\nacc = score(t)", "t"),
]


@pytest.mark.parametrize(("source", "expected"), CLOCKS)
def test_names_that_come_from_clocks_are_known(source, expected):
    assert analyze(source).clocks == set(expected.split())


def test_keywords_that_are_literals_are_kept_by_callee():
    facts = analyze("clf = ensemble.RandomForestClassifier(n_estimators=10, max_depth=d, bootstrap=False)")
    assert facts.keywords == {"ensemble.RandomForestClassifier": {"n_estimators": 10, "bootstrap": False}}


LAST = [
    ("x = 1", None),
    ("model.score(X, y)", (BindingKind.CALL, "model.score", True)),
    ("model.score(X, y);", (BindingKind.CALL, "model.score", False)),
    ("'é'; model.score(X, y) ;  # done", (BindingKind.CALL, "model.score", False)),
    ("acc", (BindingKind.COMPUTED, "", True)),
    ("3", (BindingKind.LITERAL, "", True)),
    ("get_ipython().run_line_magic('ls', '')", (BindingKind.OTHER, "", True)),
    ("", None),
]


@pytest.mark.parametrize(("source", "expected"), LAST)
def test_the_last_expression_is_described(source, expected):
    last = analyze(source).last_expression
    assert (None if last is None else (last.kind, last.function, last.is_shown)) == expected


@pytest.mark.parametrize(
    "source",
    [
        "x = (",
        "\0",
        "\ud800",
        "-" * 20_000 + "1",
        "(" * 5_000,
        "x" + ".a" * 20_000,
        "f(" * 150 + ")" * 150 + "!",
        "return",
        "é = 'ß'\n\t x",
    ],
)
def test_any_text_has_facts(source):
    facts = analyze(source)
    assert facts.is_analyzable or not facts.reads


def test_a_very_deep_expression_is_said_to_be_unreadable():
    assert not analyze("x = " + " + ".join(["y"] * 10_000)).is_analyzable


@settings(max_examples=150, deadline=None)
@given(st.text() | st.text(alphabet="abx=+-*/()[]{}:,. \n\t'\"%!$@;#fdeilnrstwy_0123"))
def test_no_text_raises(text):
    analyze(text)


def test_reading_a_cell_shows_and_forgets_no_warning():
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        before = list(warnings.filters)
        assert analyze("x = '\\d'\ny = 1or 2").is_analyzable
        assert warnings.filters == before
    assert shown == []


def test_reading_visits_each_piece_of_a_long_cell_a_bounded_number_of_times(monkeypatch):
    def visits(lines):
        seen = 0
        walk = ast.walk

        def counted(node):
            nonlocal seen
            for one in walk(node):
                seen += 1
                yield one

        monkeypatch.setattr(ast, "walk", counted)
        analyze(
            "\n".join(
                f"x{i} = f(y{i}, k={i})\nif x{i}:\n    d[{i}] = x{i} + z\nfor q in r:\n    w.append(q.a(c))" for i in range(lines)
            )
        )
        monkeypatch.setattr(ast, "walk", walk)
        return seen

    assert visits(200) <= 2 * visits(100) + 100
