"""What a version says of itself that may keep it from reproducing, and when it says nothing."""

from mvlake.lake.lake import Lake
from mvlake.records.hint import HintCode


def hints_of(kernel, ref):
    version = Lake.open(kernel.folder / "lake", create=False).show(ref).entry.version
    return {one.code: one for one in version.hints}


def test_a_cell_that_was_changed_and_run_again_is_said_where_its_older_text_still_counts(kernel):
    kernel.run("rows = [3, 1, 2]\nlimit = 2", cell_id="a")
    kernel.run("limit = 3", cell_id="a")
    ran = kernel.run("%%track stale\nkept = [one for one in rows if one < limit]", cell_id="b")
    hint = hints_of(kernel, "stale:v1")[HintCode.HIDDEN_STATE]
    assert hint.cells == (1,)
    assert "In [2]" in hint.text
    assert ran.cards[0].splitlines()[1] == f"may not reproduce: {hint.text}"
    shown = kernel.run("%mv show stale:v1").cards[0]
    assert "hidden-state" in shown
    table = kernel.run("%mv sql select ref, code, hint from hints").cards[0]
    assert "stale:v1" in table

    kernel.run("rows = [3, 1, 2]", cell_id="a")
    again = kernel.run("%%track fresh\nkept = [one for one in rows if one < 9]", cell_id="b")
    assert hints_of(kernel, "fresh:v1") == {}
    assert len(again.cards[0].splitlines()) == 1
