import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.index import segments
from mvlake.index.columns import arrow_table, joined
from mvlake.index.index import Index
from mvlake.index.rows import rows_of
from mvlake.index.tables import TABLES
from mvlake.records.events import LabelMove, Move, Note

EVERYTHING = [f"select * from {form.name} order by all" for form in TABLES]
LENGTH = 1100


@pytest.fixture(scope="module")
def long_lines(new_log, new_version):
    log = new_log("")
    fill(log, LENGTH, new_version)
    return tuple(log.lines)


@pytest.fixture
def long_log(log, long_lines):
    log.lines = list(long_lines)
    return log


def fill(log, length, new_version):
    for seq in range(log.head + 1, length + 1):
        if seq % 3 == 0:
            log.append(new_version(seq // 3, f"model-{seq % 2}"))
        elif seq % 3 == 1:
            log.append(Note("model-0", seq, "remark"))
        else:
            log.append(LabelMove("model-0", "production", seq - 1, seq, Move.PROMOTE))


def everything(shelf, log):
    index = Index(shelf, log)
    return [index.query(sql).rows for sql in EVERYTHING]


def by_the_records(log):
    """All rows, without any segment."""
    found = [rows_of(*log.read(seq)) for seq in range(1, log.head + 1)]
    return [sorted(map(repr, (row for rows in found for row in rows.get(form.name, ())))) for form in TABLES]


def as_rows(tables):
    return [sorted(repr(tuple(row.values())) for row in tables[form.name].to_pylist()) for form in TABLES]


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 59), max_size=5, unique=True), merge=st.booleans())
def test_any_cut_into_segments_and_tail_says_the_same(new_log, long_lines, cuts, merge):
    log, shelf = new_log(""), _Files()
    log.lines = list(long_lines[:60])
    bounds = [0, *sorted(cuts)]
    parts = [segments.gather(log, low + 1, high) for low, high in pairwise(bounds)]
    parts = [segments.merged(parts)] if merge and parts else parts
    for part in parts:
        segments.write(shelf, part)
    read = [segments.read(shelf, log, part.first, part.last) for part in parts]
    tail = [rows_of(*log.read(seq)) for seq in range(bounds[-1] + 1, log.head + 1)]
    tables = {
        form.name: joined(
            form,
            [part.tables[form.name] for part in read]
            + [arrow_table(form, [row for rows in tail for row in rows.get(form.name, ())])],
        )
        for form in TABLES
    }
    assert as_rows(tables) == by_the_records(log)


class _Files(dict):
    def put_hint(self, key, data):
        self[key] = data


def test_a_segment_lies_in_the_order_of_its_question(long_log):
    segment = segments.gather(long_log, 1, 300)
    for form in TABLES:
        keys = [tuple(row[name] for name in form.order) for row in segment.tables[form.name].to_pylist()]
        assert keys == sorted(keys)
    assert segment.digest == long_log.read(300)[1]


def test_the_same_records_give_the_same_bytes(long_log, shelf):
    other = _Files()
    segments.write(shelf, segments.gather(long_log, 1, 200))
    segments.write(other, segments.gather(long_log, 1, 200))
    assert dict(shelf) == dict(other)


def test_a_long_tail_becomes_a_segment_and_is_not_read_again(long_log, shelf):
    expected = everything(shelf, long_log)
    assert "index/versions/000001-001024.parquet" in shelf
    assert "index/manifest-000001-001024.json" in shelf
    long_log.reads = 0
    assert everything(shelf, long_log) == expected
    assert long_log.reads < 2 * (LENGTH - 1024)


def test_a_short_tail_writes_nothing(log, shelf, new_version):
    fill(log, 1023, new_version)
    everything(shelf, log)
    assert not dict(shelf)


def test_four_segments_become_one_and_nothing_else_stays(log, shelf, new_version):
    index = Index(shelf, log)
    for length in range(1024, 4097, 1024):
        while log.head < length:
            log.append(Note("fraud", 1, "again"))
        index.refresh()
    assert {key.rpartition("/")[2].removeprefix("manifest-") for key in shelf} == {"000001-004096.parquet", "000001-004096.json"}
    assert index.query("select count(*), max(seq) from events").rows == ((4096, 4096),)
    assert Index(shelf, log).query("select count(*), max(seq) from events").rows == ((4096, 4096),)


def test_a_rebuild_makes_the_widest_segment_at_once(log, shelf, new_version):
    for _ in range(5300):
        log.append(Note("fraud", 1, "again"))
    shelf["index/versions/000001-999999.parquet"] = b"rubbish"
    assert Index(shelf, log).rebuild() == 5300
    names = sorted(key for key in shelf if "manifest" in key)
    assert names == ["index/manifest-000001-004096.json", "index/manifest-004097-005120.json"]
    assert "index/versions/000001-999999.parquet" not in shelf


def damage_flip(shelf, key, rng):
    data = bytearray(shelf[key])
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    shelf[key] = bytes(data)


def damage_cut(shelf, key, rng):
    shelf[key] = shelf[key][: len(shelf[key]) // 2]


def damage_empty(shelf, key, rng):
    shelf[key] = b""


def damage_remove(shelf, key, rng):
    del shelf[key]


@pytest.mark.parametrize("damage", [damage_flip, damage_cut, damage_empty, damage_remove])
@pytest.mark.parametrize("part", ["versions", "metrics", "events", "manifest"])
def test_a_damaged_segment_is_derived_again(long_log, shelf, damage, part):
    expected, intact = everything(shelf, long_log), dict(shelf)
    key = next(key for key in shelf if part in key)
    damage(shelf, key, random.Random(part))
    assert everything(shelf, long_log) == expected
    assert dict(shelf) == intact


@pytest.mark.parametrize(
    "manifest", [b"[]", b"null", b'{"files":[]}', b"\xff", b'{"first":1,"last":1024,"revision":1,"files":{},"digest":1}']
)
def test_a_manifest_that_is_none_is_passed_over(long_log, shelf, manifest):
    expected = everything(shelf, long_log)
    shelf["index/manifest-000001-001024.json"] = manifest
    assert everything(shelf, long_log) == expected


def test_segments_of_another_log_are_noticed(long_log, shelf, new_log, new_version):
    foreign = new_log("another lake")
    fill(foreign, LENGTH, lambda number, name: new_version(number, f"foreign-{name}"))
    everything(shelf, foreign)
    rows = everything(shelf, long_log)
    assert not any("foreign" in repr(table) for table in rows)
    assert rows == everything(type(shelf)(), long_log)


def test_a_log_that_was_replaced_under_a_living_index_is_noticed(long_log, shelf, new_log, new_version):
    index = Index(shelf, long_log)
    index.query("from versions")
    replaced = new_log("restored")
    fill(replaced, LENGTH, lambda number, name: new_version(number, f"restored-{name}"))
    long_log.lines = replaced.lines
    assert index.query("select count(*) from versions where name not like 'restored-%'").rows == ((0,),)
    long_log.lines = long_log.lines[:10]
    assert index.query("select max(seq) from events").rows == ((10,),)


def test_a_query_sees_the_last_commit(long_log, shelf, new_version):
    index = Index(shelf, long_log)
    for number in range(5):
        long_log.append(new_version(number + 1, "late"))
        assert index.query("select count(*) from versions where name = 'late'").rows == ((number + 1,),)


def test_a_place_that_keeps_nothing_is_only_slower(long_log, shelf):
    class Full(type(shelf)):
        def put_hint(self, key, data):
            pass

    assert everything(Full(), long_log) == everything(shelf, long_log)


def test_two_indexes_on_one_shelf_do_not_disturb_each_other(log, shelf, new_version):
    one, two = Index(shelf, log), Index(shelf, log)
    for length in (700, 1100, 2200, 3300, 4200):
        while log.head < length:
            log.append(Note("fraud", 1, "again"))
        assert one.query("select count(*) from events").rows == ((length,),)
        assert two.query("select count(*) from events").rows == ((length,),)
    assert Index(shelf, log).query("select count(distinct seq) from events").rows == ((4200,),)


def test_an_interrupt_while_reading_the_tail_repeats_no_row(log, shelf, new_version):
    fill(log, 30, new_version)
    index = Index(shelf, log)
    read, stop_at = log.read, [20]

    def interrupted(seq):
        if seq in stop_at:
            stop_at.clear()
            raise KeyboardInterrupt
        return read(seq)

    log.read = interrupted
    with pytest.raises(KeyboardInterrupt):
        index.query("from events")
    assert index.query("select count(*), count(distinct seq) from events").rows == ((20, 20),)


def test_only_the_tables_that_a_query_names_are_read(long_log, shelf):
    everything(shelf, long_log)

    class Counting(type(shelf)):
        def get(self, key, default=None):
            read.append(key)
            return super().get(key, default)

    read = []
    index = Index(Counting(shelf), long_log)
    index.query("select count(*) from METRICS")
    assert {key.rpartition("/")[0] for key in read if key.endswith(".parquet") and key in shelf} == {"index/metrics"}
    assert index.query("select count(*) from query('from ver' || 'sions')").rows > ((0,),)


def test_a_segment_that_is_damaged_when_its_table_is_asked_for_is_derived_again(long_log, shelf):
    expected, intact = everything(shelf, long_log), dict(shelf)
    index = Index(shelf, long_log)
    index.query("from labels limit 1")
    damage_cut(shelf, "index/metrics/000001-001024.parquet", random.Random(1))
    assert [index.query(sql).rows for sql in EVERYTHING] == expected
    assert dict(shelf) == intact


def test_segments_that_are_damaged_when_they_are_joined_are_derived_again(log, shelf, new_version):
    fill(log, 4095, new_version)
    Index(shelf, log).refresh()
    damage_flip(shelf, "index/events/001025-002048.parquet", random.Random(1))
    fill(log, 4100, new_version)
    Index(shelf, log).refresh()
    other = type(shelf)()
    Index(other, log).refresh()
    assert dict(shelf) == dict(other)


def test_a_rebuild_leaves_what_is_not_the_indexs(log, shelf, new_version):
    fill(log, 10, new_version)
    shelf["index/head.json"], shelf["index/catalogue-000001-000256.bin"] = b"{}", b"rows"
    Index(shelf, log).rebuild()
    assert dict(shelf) == {"index/head.json": b"{}", "index/catalogue-000001-000256.bin": b"rows"}
