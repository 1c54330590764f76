from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mvlake.compare.code import compare_code
from mvlake.compare.diff import Change
from mvlake.compare.versions import compare
from mvlake.records.asked import Extent
from mvlake.records.past import PastCell


def rows(a, b):
    return compare_code(a, b)[0]


def places(a, b):
    return [(row.a_position, row.b_position) for row in rows(a, b)]


def test_a_new_cell_moves_no_other(build):
    told = rows(build.dossier("a = 1", "c = 3", "fit()"), build.dossier("a = 1", "b = 2", "c = 3", "fit()"))
    assert [row.change for row in told] == ["unchanged", "added", "unchanged", "unchanged"]
    assert not any(row.is_moved for row in told)
    assert [line.op for line in told[1].lines] == ["+"]


def test_an_edited_cell_is_one_cell_line_by_line(build):
    a = build.dossier("import pandas as pd\nframe = pd.read_csv('x.csv')", "fit()")
    b = build.dossier("import pandas as pd\nframe = pd.read_csv('y.csv')", "fit()")
    edited = rows(a, b)[0]
    assert edited.change is Change.CHANGED
    assert [(line.op, line.text[:5]) for line in edited.lines] == [(" ", "impor"), ("-", "frame"), ("+", "frame")]


def test_the_tracked_cell_is_the_tracked_cell_however_different(build):
    told = rows(build.dossier("load()", "a b c"), build.dossier("load()", "x y z"))
    assert [(row.a_position, row.b_position, row.is_tracked) for row in told] == [(1, 1, False), (2, 2, True)]


def test_the_tracked_cell_is_not_matched_with_an_earlier_cell_of_its_text(build):
    assert places(build.dossier("fit(1)", "fit(2)"), build.dossier("fit(2)", "fit(1)")) == [(1, 1), (2, 2)]


def test_cells_with_nothing_in_common_are_two_cells(build):
    told = rows(build.dossier("a b c d", "fit()"), build.dossier("w x y z", "fit()"))
    assert [row.change for row in told] == ["removed", "added", "unchanged"]


def test_cells_with_one_word_in_common_are_two_cells(build):
    told = rows(build.dossier("a b c d e f", "fit()"), build.dossier("a u v w x y", "fit()"))
    assert [row.change for row in told] == ["removed", "added", "unchanged"]


def test_the_notebooks_cell_id_helps_to_find_a_rewritten_cell(build):
    told = rows(build.dossier(("a b c d", "id-1"), "fit()"), build.dossier(("w x y z", "id-1"), "fit()"))
    assert [row.change for row in told] == ["changed", "unchanged"]


def test_a_cell_id_that_ran_twice_still_counts_for_likeness(build):
    a = build.dossier(("a b c d", "id-1"), ("e f g h", "id-1"), "fit()")
    b = build.dossier(("w x y z", "id-1"), "fit()")
    assert sorted(row.change for row in rows(a, b)) == ["changed", "removed", "unchanged"]


def test_a_rewritten_cell_can_have_moved_too(build):
    a = build.dossier(("a b c d", "id-1"), "load()", "clean()", "fit()")
    told = rows(a, build.dossier("load()", "clean()", ("w x y z", "id-1"), "fit()"))
    assert [(row.a_position, row.b_position, row.change, row.is_moved) for row in told] == [
        (2, 1, "unchanged", False),
        (3, 2, "unchanged", False),
        (1, 3, "changed", True),
        (4, 4, "unchanged", False),
    ]


def test_a_cell_that_ran_at_another_place_has_moved_and_not_changed(build):
    told = rows(build.dossier("a", "b", "c", "d", "fit()"), build.dossier("d", "a", "b", "c", "fit()"))
    assert all(row.change is Change.UNCHANGED for row in told)
    assert [row.lines[0].text for row in told if row.is_moved] == ["d"]


def test_of_two_cells_that_changed_places_both_have_moved(build):
    told = rows(build.dossier("a", "b", "fit()"), build.dossier("b", "a", "fit()"))
    assert [row.is_moved for row in told] == [True, True, False]


def test_a_cell_that_ran_twice_is_two_cells(build):
    told = rows(build.dossier("x += 1", "x += 1", "fit()"), build.dossier("x += 1", "fit()"))
    assert sorted(row.change for row in told) == ["removed", "unchanged", "unchanged"]


def test_a_removed_cell_stands_where_it_stood(build):
    told = rows(build.dossier("a", "gone", "b", "fit()"), build.dossier("a", "b", "fit()"))
    assert [row.lines[0].text for row in told] == ["a", "gone", "b", "fit()"]


def test_an_unreadable_cell_is_compared_by_its_digest_and_reported(build):
    a, b = build.dossier("load()", "fit()", forget={0}), build.dossier("load()", "fit()", number=2)
    told, problems = compare_code(a, b)
    assert told[0].change is Change.UNCHANGED
    assert [line.text for line in told[0].lines] == ["load()"]
    assert problems == ("the text of cell 1 of fraud:v1 could not be read",)


def test_a_changed_cell_of_which_one_text_is_unreadable_shows_no_lines(build):
    told, problems = compare_code(build.dossier("fit(1)"), build.dossier("fit(2)", forget={0}))
    assert (told[0].change, told[0].lines) == (Change.CHANGED, ())
    assert len(problems) == 1


def test_versions_without_a_tracked_cell_are_compared_all_the_same(build):
    a, b = build.dossier("a", "b", tracked=None), build.dossier("a", "c d", "b", tracked=None)
    assert [(row.change, row.is_tracked) for row in rows(a, b)] == [
        ("unchanged", False),
        ("added", False),
        ("unchanged", False),
    ]


def test_hundreds_of_rewritten_cells_are_compared_at_once(build):
    a = build.dossier(*(f"old {place} {place * 7}" for place in range(300)), "fit()")
    b = build.dossier(*(f"new {place} {place * 7}" for place in range(300)), "fit()")
    told = rows(a, b)
    assert {row.a_position for row in told} - {None} == set(range(1, 302))
    assert {row.b_position for row in told} - {None} == set(range(1, 302))


def test_of_all_cells_those_that_the_versions_do_not_rest_on_are_compared_too(build):
    a, b = build.dossier("load()", "fit()"), build.dossier("load()", "fit()", number=2)
    ran = [PastCell("load()"), PastCell("plot()"), PastCell("x = 1")]
    a, b = replace(a, past=tuple(ran)), replace(b, past=(ran[0], PastCell("x = 2"), ran[1]))
    told, problems = compare_code(a, b, extent=Extent.ALL)
    assert [(row.a_position, row.b_position, row.is_tracked) for row in told] == [
        (1, 1, False),
        (3, 2, False),
        (2, 3, False),
        (4, 4, True),
    ]
    assert [row.change for row in told] == ["unchanged", "changed", "unchanged", "unchanged"]
    assert problems == ()
    assert compare(a, b).cells is Extent.ALL
    assert compare(a, replace(b, past=None)).cells is Extent.SLICE


TEXTS = st.lists(st.sampled_from(["a = 1", "a = 2", "b = 1", "fit(a, b)", "fit(a, c)", ""]), min_size=1, max_size=6)


@given(ours=TEXTS, theirs=TEXTS)
def test_every_cell_is_told_once_with_its_text(ours, theirs, build, before, after):
    told = rows(build.dossier(*ours), build.dossier(*theirs))
    assert sorted(row.a_position for row in told if row.a_position) == list(range(1, len(ours) + 1))
    assert sorted(row.b_position for row in told if row.b_position) == list(range(1, len(theirs) + 1))
    for row in told:
        assert row.a_position is None or before(row.lines) == ours[row.a_position - 1]
        assert row.b_position is None or after(row.lines) == theirs[row.b_position - 1]
