import copy
import enum
import math
import pickle
from collections import Counter, OrderedDict, defaultdict
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.records.canonical import canonical, parse
from mvlake.records.plain import from_plain, is_plain, to_plain

ZONES = ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Monrovia"]
OFFSETS = st.timedeltas(timedelta(hours=-23, minutes=-59), timedelta(hours=23, minutes=59))
FIXED = st.builds(timezone, OFFSETS) | st.builds(timezone, OFFSETS, st.text(max_size=8))
ANY_ZONE = st.none() | FIXED | st.sampled_from(ZONES).map(ZoneInfo)
FOLDS = st.sampled_from([0, 1])
TEXTS = st.text(st.characters(), max_size=12)  # lone surrogates too
PATHS = TEXTS.flatmap(lambda text: st.sampled_from([Path, PurePosixPath, PureWindowsPath]).map(lambda kind: kind(text)))
HASHABLE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**200), 2**200)
    | st.floats(width=64)
    | st.complex_numbers()
    | TEXTS
    | st.binary(max_size=20)
    | st.decimals().filter(lambda number: not number.is_snan())  # those have no hash
    | st.fractions()
    | st.dates()
    | st.builds(lambda moment, zone, fold: moment.replace(tzinfo=zone, fold=fold), st.datetimes(), ANY_ZONE, FOLDS)
    | st.builds(lambda moment, zone, fold: moment.replace(tzinfo=zone, fold=fold), st.times(), ANY_ZONE, FOLDS)
    | st.timedeltas()
    | st.uuids()
    | st.builds(range, st.integers(), st.integers(), st.integers(1) | st.integers(max_value=-1))
    | PATHS
)
KEYS = HASHABLE | st.tuples(HASHABLE, HASHABLE) | st.frozensets(HASHABLE, max_size=3)
VALUES = st.recursive(
    HASHABLE | st.binary(max_size=9).map(bytearray) | st.sets(KEYS, max_size=4) | st.frozensets(KEYS, max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS | st.sampled_from(["$", "v", "a", "b"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def essence(value):
    """What two values share exactly when no program could tell them apart (but for the payload of a NaN)."""
    kind = type(value)
    if kind is float:
        return kind, "nan" if math.isnan(value) else (value, math.copysign(1, value))
    if kind is complex:
        return kind, essence(value.real), essence(value.imag)
    if kind is Decimal:
        return kind, value.as_tuple()
    if kind in (list, tuple):
        return kind, [essence(one) for one in value]
    if kind is dict:
        return kind, [(essence(key), essence(one)) for key, one in value.items()]
    if kind in (set, frozenset):
        return kind, sorted(repr(essence(one)) for one in value)
    if kind in (datetime, time):
        zone = value.tzinfo
        name = zone.key if isinstance(zone, ZoneInfo) else zone and (zone.utcoffset(None), zone.tzname(None))
        return kind, value.replace(tzinfo=None, fold=0), value.fold, type(zone), name
    if kind is range:
        return kind, (value.start, value.stop, value.step)
    return kind, value


def there_and_back(value):
    return from_plain(parse(canonical(to_plain(value))))


@given(VALUES)
@settings(max_examples=400, deadline=None)
def test_every_plain_value_comes_back_as_it_went_in(value):
    assert essence(there_and_back(value)) == essence(value)


@given(VALUES)
@settings(deadline=None)
def test_the_bytes_of_a_value_are_stable(value):
    data = canonical(to_plain(value))
    assert canonical(to_plain(copy.deepcopy(value))) == data
    assert canonical(to_plain(there_and_back(value))) == data


@pytest.mark.parametrize(
    "value",
    [
        -0.0,
        0.0,
        1,
        1.0,
        True,
        2**53,
        2**53 + 1,
        -(2**70),
        1e300,
        5e-324,
        float("nan"),
        float("-inf"),
        complex(-0.0, float("nan")),
        "\ud800 lone",
        "\ufeff",
        (),
        ((1,), [1]),
        {1: "int", 1.5: "float", "1": "text", (1, "x"): "tuple", None: "none", False: "no"},
        {"b": 1, "a": 2},
        {"$": "float", "v": "1"},
        {"$": 1},
        {"a\nb": 1},
        {"\uff61": 1, "\U00010000": 2},
        {"\U00010000": 1, "\uff61": 2},
        Decimal("1.10"),
        Decimal("-0"),
        Decimal("sNaN12"),
        Decimal("1E+999999"),
        Fraction(-(2**90), 3),
        datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2025, 10, 26, 2, 30, fold=0, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(seconds=-1, microseconds=1), "odd")),
        time(1, 2, fold=1),
        time(1, 2, tzinfo=ZoneInfo("Asia/Kolkata")),
        time(1, 2, 3, 4, tzinfo=timezone.utc),  # noqa: UP017
        date.min,
        timedelta.min,
        timedelta.max,
        range(0, 7, 3),
        range(2**80, -5, -1),
        Path("/a/../b"),
        Path("undecodable-\udcff"),
        PurePosixPath("//two"),
        PureWindowsPath("c:\\x"),
        bytearray(b"\x00\xff"),
        frozenset({(1, 2), "x", frozenset()}),
        UUID(int=2**128 - 1),
    ],
    ids=lambda value: "frozenset" if type(value) is frozenset else repr(value),  # the same in every process
)
def test_the_hard_ones_come_back_as_they_went_in(value):
    assert essence(there_and_back(value)) == essence(value)


def test_the_name_of_a_local_time_zone_is_kept():
    value = datetime(2026, 3, 3, tzinfo=timezone(timedelta(hours=1), "CET"))
    assert there_and_back(value).tzname() == "CET"


def test_a_set_has_one_text_whatever_the_order_of_its_items():
    assert to_plain({3, 1, 2, "x"}) == to_plain({"x", 2, 1, 3})


class Loud(float):
    def __repr__(self):
        raise AssertionError("a stranger's code ran")

    __str__ = __eq__ = __hash__ = __repr__


class Point(NamedTuple):
    x: int


class Colour(enum.IntEnum):
    RED = 1


class OwnZone(tzinfo):
    def utcoffset(self, moment):
        raise AssertionError("a stranger's code ran")

    dst = tzname = utcoffset


class OwnZoneInfo(ZoneInfo):
    pass


@pytest.mark.parametrize(
    "value",
    [
        Loud(1.0),
        [Loud(1.0)],
        {"a": (Loud(2.0),)},
        Colour.RED,
        OrderedDict(a=1),
        defaultdict(int),
        Counter("a"),
        Point(1),
        object(),
        len,
        int,
        datetime(2026, 1, 1, tzinfo=OwnZone()),
        time(1, tzinfo=OwnZone()),
        datetime(2026, 1, 1, tzinfo=OwnZoneInfo("Europe/Paris")),
        memoryview(b"x"),
        (one for one in "x"),
    ],
    ids=lambda value: type.__dict__["__name__"].__get__(type(value)),
)
def test_a_subclass_or_a_stranger_is_refused_and_its_code_does_not_run(value):
    assert not is_plain(value)
    with pytest.raises(TypeError):
        to_plain(value)


def test_a_zone_that_only_this_machine_has_is_refused():
    with open(f"{_folder_of_zones()}/Europe/Paris", "rb") as file:
        zone = ZoneInfo.from_file(file)
    with pytest.raises(TypeError):
        to_plain(datetime(2026, 1, 1, tzinfo=zone))


def _folder_of_zones():
    import zoneinfo

    for folder in zoneinfo.TZPATH:
        if Path(folder, "Europe/Paris").exists():
            return folder
    import tzdata

    return Path(tzdata.__file__).parent / "zoneinfo"


def test_a_value_that_is_a_part_of_itself_is_a_value_error():
    loop = []
    loop += [loop, loop]
    ring = {}
    ring["x"] = ([ring], ring)
    for value in (loop, ring):  # followed, they would not end
        with pytest.raises(ValueError, match="part of itself"):
            to_plain(value)
        assert not is_plain(value)


def test_a_value_shared_by_two_places_is_no_part_of_itself():
    shared = [1]
    assert there_and_back([shared, shared, {"a": shared}]) == [[1], [1], {"a": [1]}]


def test_small_values_that_are_endless_as_text_are_refused():
    value = []
    for _ in range(50):
        value = [value, value]
    with pytest.raises(ValueError, match="containers"):  # written out it would not end
        to_plain(value)


@pytest.mark.parametrize("wrap", [lambda one: [one], lambda one: (one,), lambda one: {2: one}, lambda one: {"b": one, "a": 1}])
def test_what_is_plain_can_always_be_written_and_deeper_is_refused(wrap):
    value = 1
    for _ in range(60):
        value = wrap(value)
    assert from_plain(parse(canonical({"body": {"params": [{"value": to_plain(value)}]}}))["body"]["params"][0]["value"]) == value
    with pytest.raises(ValueError, match="deeper"):
        to_plain(wrap(value))


@pytest.mark.parametrize(
    "document",
    [
        {"$": "no-such-tag", "v": 1},
        {"$": "float"},
        {"$": "float", "v": "1", "w": 1},
        {"$": ["float"], "v": "1"},
        {"$": "float", "v": [1]},
        {"$": "float", "v": "x"},
        {"$": "int", "v": 5},
        {"$": "int", "v": "zz"},
        {"$": "tuple", "v": 5},
        {"$": "dict", "v": [[[1], 2]]},
        {"$": "dict", "v": [[1]]},
        {"$": "dict", "v": 3},
        {"$": "set", "v": [{"a": 1}]},
        {"$": "bytes", "v": 7},
        {"$": "bytes", "v": "é"},
        {"$": "complex", "v": ["1"]},
        {"$": "range", "v": ["0x0", "0x1", "0x0"]},
        {"$": "fraction", "v": ["0x1", "0x0"]},
        {"$": "decimal", "v": "one"},
        {"$": "decimal", "v": {}},
        {"$": "timedelta", "v": [10**15, 0, 0]},
        {"$": "datetime", "v": ["2026-01-01T00:00:00", 0, "../../etc/passwd"]},
        {"$": "datetime", "v": ["2026-01-01T00:00:00", 0, "No/Where"]},
        {"$": "datetime", "v": ["2026-01-01T00:00:00", 0, "Europe"]},
        {"$": "datetime", "v": ["2026-01-01T00:00:00", 0, ""]},
        {"$": "datetime", "v": ["2026-01-01T00:00:00", 0, "\x00"]},
        {"$": "datetime", "v": ["2026-01-01T00:00:00", 7, None]},
        {"$": "datetime", "v": ["2026-01-01T00:00:00", 0, [0, 0, 0, 5]]},
        {"$": "datetime", "v": "2026-01-01"},
        {"$": "datetime", "v": ["2026-01-01T00:00:00", 0, [9, 0, 0, None]]},
        {"$": "datetime", "v": ["2026-01-01T00:00:00", 0, [0, 0]]},
        {"$": "datetime", "v": ["2026-01-01T00:00:00", 0, 5]},
        {"$": "time", "v": [5, 0, None]},
        {"$": "date", "v": 5},
        {"$": "uuid", "v": 5},
        {"$": "path", "v": ["NoPath", "x"]},
        {"$": "path", "v": [["Path"], "x"]},
        {"$": "path", "v": ["PosixPath", 5]},
        {"$": "str", "v": "not base64!"},
    ],
    ids=str,
)
def test_hostile_documents_are_a_value_error_and_nothing_else(document):
    with pytest.raises(ValueError):
        from_plain(document)
    with pytest.raises(ValueError):
        from_plain([{"a": document}])


def test_a_document_deeper_than_any_that_could_be_read_is_a_value_error():
    document = []
    for _ in range(100_000):
        document = [document]
    with pytest.raises(ValueError):
        from_plain(document)
    while document:  # else its own deletion would recurse
        document = document.pop()


def test_a_path_of_the_other_kind_of_machine_is_a_pure_one():
    other = {"$": "path", "v": ["WindowsPath" if type(Path()).__name__ == "PosixPath" else "PosixPath", "a"]}
    assert type(from_plain(other)) in (PureWindowsPath, PurePosixPath)


def test_reading_a_value_runs_nothing_that_it_brings():
    class Bomb:
        def __reduce__(self):
            return print, ("boom",)

    data = pickle.dumps(Bomb())
    assert there_and_back(data) == data


LONG = st.integers(1024, 1100)


@pytest.mark.parametrize("wrap", [list, tuple])
@given(st.data())
def test_long_lists_of_one_kind_come_back_as_they_were(wrap, data):
    kinds = st.sampled_from([st.floats(), st.integers(), st.text(alphabet=st.characters()), st.booleans()])
    some = data.draw(st.lists(data.draw(kinds), min_size=1, max_size=20))
    value = wrap((some * 1100)[: data.draw(LONG)])
    back = there_and_back(value)
    assert list(map(repr, back)) == list(map(repr, value))
    assert list(map(type, back)) == list(map(type, value))
    assert type(back) is wrap


def test_a_long_list_of_floats_is_packed_and_others_are_not():
    packed = to_plain([0.5] * 1024)
    assert packed["$"] == "floats"
    assert len(canonical(packed)) < 11_000
    assert to_plain([0.5] * 1023) == [0.5] * 1023
    assert to_plain([0.5] * 1024 + [1])[-1] == 1
    assert to_plain((0.5,) * 1024) == {"$": "tuple", "v": packed}
    assert there_and_back({"curve": [1.0] * 2000}) == {"curve": [1.0] * 2000}


def test_all_nans_are_one():
    import struct

    strange = struct.unpack("<d", b"\x01\x00\x00\x00\x00\x00\xf8\xff")[0]
    assert to_plain([strange] * 1024) == to_plain([math.nan] * 1024)
    assert to_plain([-0.0] * 1024) != to_plain([0.0] * 1024)


@pytest.mark.parametrize("value", ["AA==", "?", 5, None, [1.0], "AAAAAAAAAAA"])
def test_packed_floats_that_are_none_are_refused(value):
    with pytest.raises(ValueError, match=r"no plain value|base64|bytes|padding"):
        from_plain({"$": "floats", "v": value})
