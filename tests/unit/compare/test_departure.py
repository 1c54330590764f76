"""Where a replay left its version: cell by cell, and no more exactly than is known."""

from dataclasses import replace

from tests.unit.compare.conftest import digest, dossier, piece

from mvlake.compare.departure import apart, departure, placed
from mvlake.records.account import Account, Content
from mvlake.records.departure import InputKind
from mvlake.records.events import Difference, DifferenceKind
from mvlake.records.randomness import Draw, GeneratorKind
from mvlake.records.summary import ValueSummary

LOAD, CLEAN, FIT = "raw = read('rows.csv')", "rows = clean(raw)", "model = fit(rows, rate)"
RATE = "rate = draw()"


def told(source, reads=(), made=(), **more):
    return Account(source, tuple(reads), tuple(Content(name, digest((name, content))) for name, content in made), **more)


def value(name, content):
    return piece("input", name, ValueSummary("list", "[]", 1), content, handler="plain")


def version(rows=1, rate=1, cells=(LOAD, CLEAN, RATE, FIT)):
    return dossier(*cells, artifacts=(value("rows", rows), value("rate", rate)))


ACCOUNTS = (
    told(LOAD, made=[("raw", 1)], files=("rows.csv",), packages=("readers",)),
    told(CLEAN, ["raw"], [("rows", 1)], modules=("tools.clean",)),
    told(RATE, made=[("rate", 1)]),
    told(FIT, ["rows", "rate"], [("model", 1)]),
)


def test_where_all_inputs_are_as_they_were_it_is_the_tracked_cell():
    found = departure(version(), version(), ACCOUNTS, ())
    assert (found.cell, found.is_exact, found.inputs) == (4, True, ())


def test_a_variable_that_differs_leads_to_the_cell_that_made_it():
    found = departure(version(), version(rate=2), ACCOUNTS, ())
    assert (found.cell, found.is_exact) == (3, True)  # it read nothing
    assert [(one.kind, one.name, one.cell) for one in found.inputs] == [(InputKind.VARIABLE, "rate", 3)]


def test_of_what_an_unknown_variable_went_into_no_cell_is_told_exactly():
    found = departure(version(), version(rows=2), ACCOUNTS, ())
    assert (found.cell, found.is_exact) == (2, False)  # what the lake does not know is whether `raw` was the same


def test_a_file_a_module_or_a_package_leads_to_the_first_cell_that_used_it():
    for kind, name, cell in (
        (DifferenceKind.FILE, "rows.csv", 1),
        (DifferenceKind.PACKAGE, "readers", 1),
        (DifferenceKind.MODULE, "tools.clean", 2),
        (DifferenceKind.MODULE, "tools", 2),
    ):
        found = departure(version(), version(rows=2), ACCOUNTS, [Difference(kind, name, "it differs")])
        assert (found.cell, found.is_exact, found.inputs[0].name) == (cell, True, name)


def test_a_package_that_no_cell_uses_is_no_input():
    found = departure(version(), version(), ACCOUNTS, [Difference(DifferenceKind.PACKAGE, "other", "1 then, 2 now")])
    assert (found.cell, found.inputs) == (4, ())


def test_a_generator_whose_state_is_not_known_is_told():
    drawn = Draw(3, "torch", GeneratorKind.TORCH, None, problem="CUDA was busy")
    recorded = version()
    recorded = replace(recorded, version=replace(recorded.version, draws=(drawn,)))
    found = departure(recorded, version(rate=2), ACCOUNTS, ())
    assert (found.cell, found.is_exact, found.inputs[0].kind) == (3, True, InputKind.GENERATOR)
    assert found.inputs[0].reason == "CUDA was busy"


def test_a_cell_that_raised_is_where_it_ends_at_the_latest():
    found = departure(version(), None, ACCOUNTS[:1], (), failed_cell=2)
    assert (found.cell, found.is_exact) == (2, False)
    found = departure(version(), None, ACCOUNTS[:1], [Difference(DifferenceKind.FILE, "rows.csv", "gone")], failed_cell=2)
    assert (found.cell, found.is_exact) == (1, True)


def test_accounts_are_placed_by_text_and_in_order_whatever_else_ran():
    twice = dossier("x = 1", "y = 2", "x = 1")
    found = placed(twice, [told("print()"), told("x = 1"), told("x = 1")])
    assert sorted(found) == [1, 3]
    assert placed(twice, ()) == {}


def test_two_replays_part_in_the_first_cell_that_made_something_else():
    ours = placed(version(), ACCOUNTS)
    other = {**ours, 3: told(RATE, made=[("rate", 2)]), 4: told(FIT, made=[("model", 2)])}
    assert apart(ours, ours) == 0
    assert apart(ours, other) == apart(other, ours) == 3
    assert apart(ours, {place: one for place, one in ours.items() if place < 4}) == 4
    unknown = {**ours, 3: replace(ours[3], made=(Content("rate"),))}
    assert apart(ours, unknown) == apart(unknown, ours) == 0  # what has no digest is not known to differ
