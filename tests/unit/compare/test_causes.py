"""Causes by what is known alone: differences, hints, errors, and the words of cells."""

from dataclasses import replace

import pytest
from tests.unit.compare.conftest import dossier

from mvlake.compare.causes import MOST, causes, likeliest
from mvlake.compare.suspicion import suspicions
from mvlake.records.departure import Basis, Cause, CauseKind, Departed, Departure, InputKind
from mvlake.records.events import Difference, DifferenceKind
from mvlake.records.hint import Hint, HintCode


def kinds(*cells):
    return [(one.kind, one.cell) for one in suspicions(dossier(*cells))]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("key = os.urandom(8)", CauseKind.SEED),
        ("secrets.token_hex()", CauseKind.SEED),
        ("con.execute('select random()')", CauseKind.SEED),
        ("df.sample(3)", CauseKind.SEED),
        ("uuid.uuid4()", CauseKind.SEED),
        ("t = time.time_ns()", CauseKind.TIME),
        ("dt.date.today()", CauseKind.TIME),
        ("np.datetime64('now')", CauseKind.TIME),
        ("for name in os.listdir(folder): pass", CauseKind.ORDER),
        ("Path('.').rglob('*.csv')", CauseKind.ORDER),
        ("first = list(set(words))", CauseKind.ORDER),
        ("hash(name) % 10", CauseKind.ORDER),
        ("for one in as_completed(futures): pass", CauseKind.THREADS),
        ("frame.group_by('k').agg(pl.len())", CauseKind.THREADS),
        ("rate = input('rate')", CauseKind.HIDDEN_STATE),
        ("os.environ['RATE']", CauseKind.HIDDEN_STATE),
        ("from os import environ as found\nfound.get('RATE')", CauseKind.HIDDEN_STATE),
        ("from time import time as tick\nat = tick()", CauseKind.TIME),
        ("import _thread as threads\nthreads.start_new_thread(put, ())", CauseKind.THREADS),
        ("requests.get(url)", CauseKind.MISSING_INPUT),
        ("os.cpu_count()", CauseKind.HARDWARE),
    ],
)
def test_a_cell_is_suspected_of_what_it_says(text, kind):
    assert (kind, 2) in kinds("x = 1", text)


@pytest.mark.parametrize(
    "text",
    [
        "df.sample(3, random_state=1)",
        "# os.urandom(8)",
        "frame.group_by('k', maintain_order=True)",
        "model.set_params(depth=2)",
        "settings.get('x')",
        "my_input(3)",
        "rng.random()",
        "{'a': 1, 'b': 2}",
        "time.sleep(1)",
        "",
    ],
)
def test_what_is_harmless_is_not_suspected(text):
    assert kinds(text) == []


def test_modules_are_read_too_and_long_texts_take_no_time():
    found = replace(dossier("x = 1"), modules={"tools": "import time\nNOW = time.time()"})
    assert [(one.kind, one.cell) for one in suspicions(found)] == [(CauseKind.TIME, 0)]
    assert len(list(suspicions(dossier("{ " * 100_000 + "x(" * 100_000)))) == 0


def left(*inputs, cell=2, is_exact=True):
    return Departure(cell, is_exact, inputs)


def test_what_differs_and_is_used_goes_before_what_the_cells_say():
    package = Departed(InputKind.PACKAGE, "pandas", 2, "2.1 then, 3.0 now")
    found = causes(dossier("x = 1", "t = time.time()"), left(package), ())
    assert [(one.kind, one.basis) for one in found] == [(CauseKind.PACKAGE, Basis.EVIDENCE), (CauseKind.TIME, Basis.GUESS)]
    assert found[0].advice == "pin pandas==2.1"


def test_a_file_that_is_gone_is_missing_and_one_that_changed_is_data_and_code_is_code():
    def of(name, *, is_missing=False, kind=DifferenceKind.FILE):
        used = Departed(InputKind.FILE, name, 1, "it differs")
        return causes(dossier("x = 1"), left(used), [Difference(kind, name, "it differs", is_missing=is_missing)])[0].kind

    assert of("rows.csv") is CauseKind.DATA
    assert of("rows.csv", is_missing=True) is CauseKind.MISSING_INPUT
    assert of("https://a.b/rows", kind=DifferenceKind.URL) is CauseKind.MISSING_INPUT
    assert of("tools.py") is CauseKind.CODE


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("ModuleNotFoundError: No module named 'fakestats'", CauseKind.PACKAGE),
        ("ModuleNotFoundError: No module named 'tools.clean'", CauseKind.CODE),
        ("ImportError: cannot import name 'x' from 'y'", CauseKind.PACKAGE),
        ("NameError: name 'RATE' is not defined", CauseKind.HIDDEN_STATE),
        ("StdinNotImplementedError: raw_input was called", CauseKind.HIDDEN_STATE),
        ("URLError: <urlopen error [Errno 111] Connection refused>", CauseKind.MISSING_INPUT),
        ("requests.exceptions.ConnectionError: refused", CauseKind.MISSING_INPUT),
        ("ValueError: no", CauseKind.UNKNOWN),
        ("", CauseKind.UNKNOWN),
        ("': '" * 1000, CauseKind.UNKNOWN),
    ],
)
def test_an_error_tells(error, kind):
    differences = [Difference(DifferenceKind.MODULE, "tools", "it was not kept")]
    assert causes(dossier("x = 1"), left(), differences, error)[0].kind is kind


def test_a_machine_that_differs_is_evidence_where_a_cell_asks_for_it_and_else_a_guess():
    cpus = [Difference(DifferenceKind.ENVIRONMENT, "cpus", "1 then, 2 now")]
    asked = causes(dossier("os.cpu_count()"), left(cell=1), cpus)
    assert (asked[0].kind, asked[0].basis) == (CauseKind.HARDWARE, Basis.EVIDENCE)
    assert causes(dossier("x = 1"), left(cell=1), cpus)[0].basis is Basis.GUESS


def test_a_hint_on_another_cell_is_no_cause_of_this_departure():
    version = dossier("x = 1", "y = 2")
    hint = Hint(HintCode.TIME_DEPENDENT, "it depends on when it ran", cells=(1,))
    hinted = replace(version, version=replace(version.version, hints=(hint,)))
    assert causes(hinted, left(cell=2), ())[0].kind is CauseKind.UNKNOWN
    assert causes(hinted, left(cell=2, is_exact=False), ())[0].kind is CauseKind.TIME
    assert causes(hinted, left(cell=1), ())[0].basis is Basis.EVIDENCE


def test_the_best_known_goes_first_and_no_guess_stands_beside_what_is_known():
    guess = Cause(CauseKind.SEED, Basis.GUESS, "cell 2 says x", "x")
    shown = Cause(CauseKind.SEED, Basis.EXPERIMENT, "another draw gives another result", "y")
    other = Cause(CauseKind.TIME, Basis.EVIDENCE, "when it ran")
    assert likeliest([guess, other, shown]) == (shown, other)
    assert len(likeliest([replace(guess, kind=kind, name=kind) for kind in CauseKind])) == MOST
    assert likeliest([])[0].kind is CauseKind.UNKNOWN


def test_a_name_means_what_an_earlier_cell_imported_under_it():
    assert kinds("from os import environ as found", "rate = found['RATE']") == [(CauseKind.HIDDEN_STATE, 2)]
    assert kinds("import numpy as np", "a = np.arange(3)") == []
