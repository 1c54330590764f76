"""The cells that ran before a version: written once, shared by versions, kept while one wants them; and its code as a script."""

import subprocess
import sys
from dataclasses import replace

import pytest

from mvlake.capture.past import Past
from mvlake.errors import Damaged, Invalid
from mvlake.lake.lake import Lake
from mvlake.lake.past import put_past
from mvlake.records.draft import DraftCell
from mvlake.records.node import Node
from mvlake.records.past import PastCell
from mvlake.store.hashing import digest_of


def cell(number, **facts):
    return PastCell(f"x{number} = {number}\n" * 20, number, f"id-{number}", started_at="2026-03-03T14:00:00.000000Z", **facts)


def past_of(*cells):
    past = Past()
    for one in cells:
        past.add(one)
    return past.blocks()


def test_what_ran_before_a_version_is_told_in_order(lake, new_draft):
    ran = (cell(1, duration=0.5), PastCell("1/0", 2, failed=True), PastCell("df = read()", 1))
    lake.commit(replace(new_draft(lake), past=past_of(*ran)))
    answer = lake.show("fraud:v1", history_=True)
    assert answer.cells == ran
    assert answer.needed == {3}
    assert lake.verify(data=True).is_clean


def test_a_version_without_a_past_says_so(lake, commit):
    commit(lake)
    assert lake.show("fraud:v1", history_=True).cells == ()


def test_five_hundred_cells_cost_each_version_little():
    past, objects, named, written = Past(), {}, [], 0
    for number in range(500):
        past.add(cell(number))
        fresh = {}
        put_past(past.blocks(), fresh)
        written += sum(len(data) for digest, data in fresh.items() if digest not in objects)
        named.append(len(past.blocks()))
        objects |= fresh
    assert [one.execution_count for block in past.blocks() for one in block.cells] == list(range(500))
    assert max(named) <= 21
    text = sum(len(cell(number).source) for number in range(500))
    assert written < 8 * text  # each text three or four times, before compression, and the names of blocks


def test_versions_share_what_they_have_in_common(lake, new_draft):
    past = Past()
    past.add(cell(1))
    past.add(cell(2))
    first = past.blocks()
    lake.commit(replace(new_draft(lake, params={"depth": 1}), past=first))
    past.add(cell(3))
    assert past.blocks()[0] is first[0]
    lake.commit(replace(new_draft(lake, params={"depth": 2}), past=past.blocks()))
    assert [len(lake.show(ref, history_=True).cells) for ref in ("fraud:v1", "fraud:v2")] == [2, 3]


def test_the_past_is_collected_with_the_last_version_that_names_it(tmp_path, new_draft):
    lake = Lake.open(tmp_path)
    lake.commit(replace(new_draft(lake, "one"), past=past_of(cell(1))))
    lake.commit(replace(new_draft(lake, "two"), past=past_of(cell(1))))
    for gone in ("one:v1", "two:v1"):
        lake.forget(gone)
        for _ in range(4):
            lake.gc(apply=True, grace="0", hasty=True)
        if gone == "one:v1":
            assert len(lake.show("two:v1", history_=True).cells) == 1
    with pytest.raises(Damaged):
        lake.show("two:v1", history_=True)


def test_a_copy_has_the_past_too(tmp_path, new_draft):
    lake = Lake.open(tmp_path / "one")
    lake.commit(replace(new_draft(lake), past=past_of(cell(1), cell(2))))
    lake.push(str(tmp_path / "two"))
    assert Lake.open(tmp_path / "two", create=False).show("fraud:v1", history_=True).cells == (cell(1), cell(2))


@pytest.mark.parametrize("block", [b"{}", b"[1]", b'[{"source": 1}]', b"no json", b'[{"failed": true}]'])
def test_a_past_that_somebody_made_up_is_damage(lake, forger, block):
    root = Node(b"", leaves=(digest_of(block),)).to_bytes()
    forger(lake._parts.store).version(objects={"block": block, "root": root}, past=str(digest_of(root)))
    with pytest.raises(Damaged):
        lake.show("fraud:v1", history_=True)


def test_a_past_that_is_no_node_is_damage(lake, forger):
    forger(lake._parts.store).version(objects={"root": b"[]"}, past=str(digest_of(b"[]")))
    with pytest.raises(Damaged):
        lake.show("fraud:v1", history_=True)
    assert not lake.verify().is_clean


# --- the code as a script ----------------------------------------------------------------------------------------


def script(lake, new_draft, *cells):
    told = tuple(one if isinstance(one, DraftCell) else DraftCell(one, place) for place, one in enumerate(cells, 1))
    ref = lake.commit(replace(new_draft(lake), cells=told)).version.ref
    return lake.show(ref, slice_=True).text


def test_the_code_of_a_version_runs_as_a_script(lake, new_draft, tmp_path):
    text = script(
        lake,
        new_draft,
        'text = """\n%not a magic\n!nor a command\n"""\nx = 2',
        DraftCell("y = x\nraise ValueError('on purpose')\ny = 9", 2, failed=True),
        DraftCell("%%track fraud -m note\nprint(x + y, len(text))", 3, is_tracked=True),
    )
    assert text.startswith("# fraud:v1: the code that it rests on, in the order in which it ran\n\n# cell 1, In [1]\n")
    assert "# cell 3, In [3], tracked\nprint(" in text
    file = tmp_path / "script.py"
    file.write_text(text, "utf-8")
    ran = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True)
    assert ran.stdout == "ValueError('on purpose')\n4 29\n"


def test_magics_and_commands_become_calls_that_ipython_runs(lake, new_draft, tmp_path):
    text = script(
        lake, new_draft, "x = 1", "%%time\nx += 1", "!echo {x}", "%mv status", DraftCell("%%track fraud\nprint(x)", is_tracked=True)
    )
    assert "run it with `ipython FILE`" in text
    assert "get_ipython().run_line_magic('load_ext', 'mvlake')\n\n# cell 1" in text
    file = tmp_path / "script.py"
    file.write_text(text.replace("run_line_magic('mv', 'status')", "run_line_magic('pwd', '')"), "utf-8")
    ran = subprocess.run([sys.executable, "-m", "IPython", file], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert [line for line in ran.stdout.splitlines() if line in ("2",)] == ["2", "2"]


def test_a_script_that_awaits_says_how_to_run_it(lake, new_draft):
    text = script(lake, new_draft, "import asyncio", "await asyncio.sleep(0)")
    assert "ipython FILE.ipy" in text
    compile(text, "script", "exec", 0x2000)


def test_the_slice_and_the_history_are_two_questions(lake, commit):
    commit(lake)
    with pytest.raises(Invalid, match="at once"):
        lake.show("fraud:v1", slice_=True, history_=True)


# --- as a table ------------------------------------------------------------------------------------------------


def test_the_past_is_a_table_too(lake, new_draft):
    ran = (cell(1, duration=0.5), PastCell("1/0", 2, "\ud800", failed=True), PastCell("df = read()", 1))
    lake.commit(replace(new_draft(lake, params={"depth": 1}), past=past_of(*ran)))
    lake.commit(replace(new_draft(lake, params={"depth": 2}), past=past_of(*ran, PastCell("\ud800", 2))))
    lake.commit(new_draft(lake, "alone"))
    told = lake.sql("select cell, source, failed, is_needed, duration from past where ref = 'fraud:v1' order by cell").rows
    assert told == ((1, ran[0].source, False, False, 0.5), (2, "1/0", True, False, None), (3, "df = read()", False, True, None))
    assert lake.sql("select v.ref, count(*) from versions v join past p using (ref) group by v.ref order by 1").rows == (
        ("fraud:v1", 3),
        ("fraud:v2", 4),
    )
    assert lake.sql("select started_at::text from past where cell = 1 limit 1").rows == (("2026-03-03 14:00:00",),)
    assert lake.sql("select past from (select 1 as past)").rows == ((1,),)


def test_the_past_of_what_was_collected_is_no_row_and_a_damaged_one_is_an_error(tmp_path, new_draft, forger):
    lake = Lake.open(tmp_path)
    lake.commit(replace(new_draft(lake, "one"), past=past_of(cell(1))))
    lake.commit(replace(new_draft(lake, "two"), past=past_of(cell(2))))
    lake.forget("two:v1")
    for _ in range(4):
        lake.gc(apply=True, grace="0", hasty=True)
    assert lake.sql("select ref from past").rows == (("one:v1",),)
    forger(lake._parts.store).version(objects={"root": b"[]"}, past=str(digest_of(b"[]")))
    with pytest.raises(Damaged):
        lake.sql("select ref from past")
