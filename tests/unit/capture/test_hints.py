"""Hints speak where a version rests on more than its notebook says, and are silent where it does not. Both sides of each."""

import json
import os
import time
from dataclasses import replace

import pytest

from mvlake.capture.analysis import analyze
from mvlake.capture.clock_use import uses_of_clocks
from mvlake.capture.hidden_state import hidden_state
from mvlake.capture.modules import as_utf8
from mvlake.capture.session import Session
from mvlake.capture.situation import Situation
from mvlake.capture.unordered import unordered_threads
from mvlake.capture.unseeded import unseeded_randomness
from mvlake.records.draft import DraftCell
from mvlake.records.past import PastCell
from mvlake.records.randomness import DraftDraw, GeneratorKind, GeneratorState
from mvlake.records.source import plain_python, without_directive

LONG_AGO = 1_000_000_000


def situation_of(*cells, namespace=None, notebook=""):
    """Return what hints are found from, for cells that ran one after another, (id, text) each; the last one is tracked."""
    session = Session()
    for count, (cell_id, text) in enumerate(cells[:-1], 1):
        facts = analyze(plain_python(without_directive(text)))
        session.add(PastCell(text, count, cell_id, started_at="2026-03-03T14:00:00.000000Z"), facts, facts.binds)
    tracked_id, text = cells[-1]
    facts = analyze(without_directive(text))
    needed = session.needed_for(facts)
    return Situation(
        cells=(*(session.cells[place] for place in needed), DraftCell(text, len(cells), tracked_id, is_tracked=True)),
        facts=(*(session.executed[place].facts for place in needed), facts),
        places=(*needed, len(cells) - 1),
        session=session.cells,
        namespace=namespace or {},
        notebook=notebook,
        session_facts=[one.facts for one in session.executed],
        ended_at=session.ended_at,
    )


def said(*cells, **more):
    hint = hidden_state(situation_of(*cells, **more))
    return "" if hint is None else hint.text


RUN_AGAIN = [
    ("a name that is left", [("a", "x = 1\ny = 2"), ("a", "y = 3"), ("b", "z = x + y")], True),
    ("nothing is left", [("a", "x = 1"), ("a", "x = 2"), ("b", "z = x")], False),
    ("the same text", [("a", "x = []"), ("b", "x.append(1)"), ("b", "x.append(1)"), ("c", "z = x")], False),
    ("a change in place that is left", [("a", "x = []"), ("b", "x.append(1)"), ("b", "x.append(2)"), ("c", "z = x")], True),
    ("a column that is written over", [("a", "df = f()"), ("b", "df['a'] = df.b / 2"), ("b", "df['a'] = df.b / 3"), ("c", "z = df.a")], False),
    ("a column that builds on itself", [("a", "df = f()"), ("b", "df['a'] = df['a'] / 2"), ("b", "df['a'] = df['a'] / 3"), ("c", "z = df")], True),
    ("another column", [("a", "df = f()"), ("b", "df['a'] = 1"), ("b", "df['b'] = 1"), ("c", "z = df")], True),
    ("settings", [("a", "import seaborn as sns\nsns.set_theme()"), ("a", "import seaborn as sns\nsns.set_theme('paper')\nx = 1"), ("b", "z = x")], False),
    ("seeds", [("a", "import random\nrandom.seed(1)"), ("a", "import random\nrandom.seed(2)"), ("b", "z = random.random()")], False),
    ("the tracked cell itself", [("a", "x = []"), ("b", "x.append(1)"), ("b", "x.append(2)\nz = sum(x)")], True),
    ("no ids", [("", "x = 1\ny = 2"), ("", "y = 3"), ("", "z = x + y")], False),
    ("only a note", [("a", "%%track v -m one\nx = []"), ("b", "x.append(1)"), ("a", "%%track v -m two\nx = []"), ("c", "z = x")], False),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "speaks"), [case[1:] for case in RUN_AGAIN], ids=[case[0] for case in RUN_AGAIN])
def test_a_cell_that_was_changed_and_run_again(cells, speaks):
    assert ("was changed and run again" in said(*cells)) is speaks


def test_a_model_that_begins_anew_with_each_fit_is_no_hidden_state():
    linear = pytest.importorskip("sklearn.linear_model")

    class Network:
        pass

    cells = [("a", "model = make()"), ("b", "model.fit(X)"), ("b", "model.fit(X, y)"), ("c", "p = model.predict(X)")]
    assert said(*cells, namespace={"model": linear.LinearRegression()}) == ""
    assert "was changed" in said(*cells, namespace={"model": Network()})


def saved(tmp_path, *cells, at=None):
    file = tmp_path / "work.ipynb"
    told = [{"id": name, "cell_type": "code", "source": text.splitlines(keepends=True)} for name, text in cells]
    file.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "# title"}, *told]}))
    os.utime(file, (at or time.time() + 60,) * 2)
    return str(file)


CELLS = [("a", "x = 1"), ("b", "y = x"), ("c", "%%track v\nz = y")]


@pytest.mark.parametrize(
    ("in_file", "expected"),
    [
        (CELLS, ""),
        ([("a", "x = 1\n"), CELLS[1], ("d", "unrelated"), CELLS[2]], ""),
        ([("a", "x = 2"), *CELLS[1:]], "In [1] was edited"),
        (CELLS[1:], "In [1] was deleted"),
        ([CELLS[1], CELLS[0], CELLS[2]], "In [1] stands below In [2], which reads x"),
        ([CELLS[0], CELLS[1]], ""),  # the tracked cell is not in the file: its ids are another notebook's
    ],
)
def test_the_notebook_as_it_was_saved_since(tmp_path, in_file, expected):
    text = said(*CELLS, notebook=saved(tmp_path, *in_file))
    assert text.startswith(expected)
    assert bool(text) is bool(expected)


def test_a_notebook_that_was_saved_before_the_cells_ran_says_nothing_of_their_text(tmp_path):
    assert said(*CELLS, notebook=saved(tmp_path, ("a", "x = 0"), *CELLS[1:], at=LONG_AGO)) == ""
    assert said(*CELLS, notebook=saved(tmp_path, *CELLS[1:], at=LONG_AGO)) == ""


def test_an_order_in_which_nothing_depends_on_what_stands_below_is_fine(tmp_path):
    cells = [("a", "x = 1"), ("b", "y = 2"), ("c", "%%track v\nz = x + y")]
    assert said(*cells, notebook=saved(tmp_path, cells[1], cells[0], cells[2])) == ""


def test_an_import_that_stands_above_too_is_fine(tmp_path):
    cells = [("a", "import math"), ("b", "import math"), ("c", "%%track v\nz = math.pi")]
    assert said(*cells, notebook=saved(tmp_path, cells[0], cells[2], cells[1])) == ""
    assert "stands below" in said(*cells[1:], notebook=saved(tmp_path, cells[2], cells[1]))


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"cells": 1}', b'{"cells": [{"cell_type": "code", "source": 1}]}', b"\xff", b"[" * 9999]
)
def test_a_file_that_is_no_notebook_says_nothing(tmp_path, content):
    file = tmp_path / "work.ipynb"
    file.write_bytes(content)
    assert said(*CELLS, notebook=str(file)) == ""
    assert said(*CELLS, notebook=str(tmp_path)) == ""


# --- the clock ---------------------------------------------------------------------------------------------------

DATA = [
    "df['age'] = (datetime.now() - df.born).dt.days",
    "now = pd.Timestamp.now()\nage = now - df['born']",
    "today = date.today()\nyears = today.year - df.year",
    "cutoff = datetime.now() - timedelta(days=30)\nrecent = df[df.seen > cutoff]",
    "recent = df[df.seen > pd.to_datetime('today').normalize()]",
    "np.random.seed(int(time.time()))",
    "model = Forest(random_state=int(time.time()) % 100)",
    "prices = download('X', start='2020-01-01', end=date.today())",
    "rng = default_rng(time.time_ns())",
    "f = lambda born: dt.date.today() - born",
]
NO_DATA = [
    "start = time.time()\nfit()\nprint(time.time() - start)",
    "t0 = datetime.now()\nfit()\nelapsed = (datetime.now() - t0).total_seconds()",
    "name = f'run_{datetime.now():%Y%m%d}'",
    "stamp = datetime.now().strftime('%H')\nprint(stamp)",
    "print(datetime.now())",
    "log.append({'at': datetime.now().isoformat(), 'loss': 1})",
    "deadline = time.time() + 60\nwhile time.time() < deadline:\n    step()",
    "while datetime.now() < self.deadline:\n    step()",
    "now = 3\nx = now - df.a",
    "x = model.time() - y",
    "df['age'] = df.today - df.born",
    "tomorrow = date.today() + timedelta(days=1)",
    "plt.title(datetime.now())",
    "time.sleep(1)",
    "self.took = time.perf_counter() - self.began",
]


@pytest.mark.parametrize("text", DATA)
def test_the_clock_as_data(text):
    assert list(uses_of_clocks([text]))
    if "\n" in text:
        first, rest = text.split("\n", 1)
        assert [place for place, _ in uses_of_clocks([first, rest])] == [2]


@pytest.mark.parametrize("text", NO_DATA)
def test_the_clock_as_a_clock(text):
    assert list(uses_of_clocks([text])) == []


# --- threads -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("import polars as pl\nm = df.group_by('k').agg(pl.col('x').sum())", True),
        ("import polars as pl\nm = df.group_by('k').agg(pl.col('x').max())", False),
        ("import duckdb\nm = duckdb.sql('select k, avg(x) from df group by k').df()", True),
        ("import duckdb\nm = duckdb.sql('select k from df').df()", False),
        ("import pandas as pd\nm = df.group_by('k').sum()", False),
        ("from sklearn.ensemble import RandomForestClassifier\nm = RandomForestClassifier(n_jobs=-1, random_state=0)", False),
        ("import torch\nloss.backward()", False),
    ],
)
def test_threads_whose_order_shows(text, speaks):
    hint = unordered_threads(situation_of(("a", text)))
    assert (hint is not None) is speaks


def test_a_source_of_another_encoding_is_kept_as_text():
    assert as_utf8("x = 'é'".encode()) == "x = 'é'".encode()
    assert as_utf8("# -*- coding: latin-1 -*-\nx = 'é'".encode("latin-1")) == "# -*- coding: latin-1 -*-\nx = 'é'".encode()
    assert as_utf8(b"# coding: no-such\nx = '\xff'") == "# coding: no-such\nx = '\ufffd'".encode()


def drawing(text, *draws):
    situation = situation_of(("a", text))
    return replace(situation, cells=(replace(situation.cells[0], draws=draws),))


def test_randomness_that_only_libraries_use_for_themselves_is_no_alarm():
    drawn = DraftDraw("random", GeneratorKind.PYTHON, GeneratorState("python-mt19937", None))
    assert unseeded_randomness(drawing("from sklearn.datasets import load_iris\nx = load_iris()", drawn)) is None
    for text in ("import random\nx = random.random()", "from random import sample\nx = sample(y, 3)"):
        assert unseeded_randomness(drawing(text, drawn)).names == ("random",)
    seeded = DraftDraw("default_rng()", GeneratorKind.ENTROPY, GeneratorState("os-entropy", []), is_seeded=True)
    assert unseeded_randomness(drawing("x = RandomState(0)", seeded)) is None
    lost = unseeded_randomness(drawing("x = default_rng()", DraftDraw("default_rng()", GeneratorKind.ENTROPY, problem="unread")))
    assert lost.text == "nobody seeded default_rng(), and the state before is not known: no run draws these numbers again"
