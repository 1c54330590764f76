"""The drawing of a history: each way from a version to its parent is there, and leads to it."""

from hypothesis import given
from hypothesis import strategies as st

from mvlake.compare.graph import graph_lines


@st.composite
def histories(draw):
    """Versions of some names, the newest first, of which the oldest may be cut off."""
    made: list[tuple[str, str | None]] = []
    numbers: dict[str, int] = {}
    for _ in range(draw(st.integers(0, 25))):
        name = draw(st.sampled_from("ab"))
        number = numbers[name] = numbers.get(name, 0) + 1
        parent = draw(st.integers(0, number - 1))
        made.append((f"{name}:v{number}", f"{name}:v{parent}" if parent else None))
    return made[draw(st.integers(0, len(made))) :][::-1]


@given(histories())
def test_every_way_leads_from_a_version_to_its_parent(versions):
    lines = graph_lines(versions)
    assert [line.ref for line in lines if line.ref] == [ref for ref, _ in versions]
    shown = {ref for ref, _ in versions}
    at = {line.ref: place for place, line in enumerate(lines) if line.ref}
    for ref, parent in versions:
        column, below = lines[at[ref]].column, lines[at[ref] + 1 :]
        if parent is None:
            continue
        if parent not in shown:
            assert [one for one in below[0].strokes if one.is_open] == [below[0].strokes[-1]]
            assert below[0].strokes[-1].above == column
            continue
        for line in below:
            if line.ref == parent:
                break
            (step,) = [one for one in line.strokes if one.parent == parent and one.above == column]
            column = step.below
        assert (line.ref, line.column) == (parent, column)


@given(histories())
def test_nothing_else_is_drawn_and_there_are_no_more_columns_than_ways(versions):
    shown, parents, open_ways = {ref for ref, _ in versions}, dict(versions), set()
    for line in graph_lines(versions):
        if line.ref:
            open_ways.discard(line.ref)
            assert {one.parent for one in line.strokes} == open_ways
            assert line.column <= len(open_ways)
            if parents[line.ref] in shown:
                open_ways.add(parents[line.ref])
        assert {one.parent for one in line.strokes if not one.is_open} <= open_ways
        assert max((one.above for one in line.strokes), default=0) <= len(open_ways)
        assert len(line.text) <= 2 * len(open_ways) + 1


def test_a_branch_is_drawn_as_git_draws_it():
    drawn = [line.text for line in graph_lines([("v5", "v3"), ("v4", "v2"), ("v3", "v2"), ("v2", "v1")])]
    assert drawn == ["*", "| *", "* |", "|/", "*", ":"]
