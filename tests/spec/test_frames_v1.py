"""What the spec says of frames, done once more in plain Python from its words, and compared with what the code does."""

import json
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mvlake.handlers.arrow_types import read_type, type_document
from mvlake.handlers.bundle import bundle_bytes, read_bundle
from mvlake.handlers.chunk import MOST_ROWS, chunk_bytes
from mvlake.handlers.chunk_reading import read_chunk
from mvlake.handlers.column_node import write_column
from mvlake.handlers.cuts import cuts
from mvlake.handlers.frame import SMALL
from mvlake.handlers.hashing import digest_of
from mvlake.handlers.pandas import handler as pandas
from mvlake.handlers.polars import handler as polars
from mvlake.handlers.pyarrow import handler as pyarrow
from mvlake.records.canonical import canonical, parse
from mvlake.records.node import Node, read_node
from mvlake.testing import MemoryShelf

SPEC = (Path(__file__).parents[2] / "docs/spec/format-v1.md").read_text("utf-8")
FRAMES = re.search(r"^## Frames$(.*?)^## ", SPEC, re.MULTILINE | re.DOTALL)[1]


def rows_of(head):
    """Return the rows of the table with this head."""
    block = re.search(rf"^{re.escape(head)}\n\|[-|]+\n((?:\|.*\n)+)", FRAMES, re.MULTILINE)[1]
    return [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in block.splitlines()]


def bare(cell):
    return cell.strip("`")


def array_of(kind, values):
    if pa.types.is_decimal(kind):
        values = [Decimal(one) for one in values]
    if pa.types.is_map(kind):
        values = [[tuple(pair) for pair in one] for one in values]
    return pa.array(values, kind)


CHUNKS = rows_of("| type | values | chunk, hexadecimal |")


@pytest.mark.parametrize(("kind", "values", "data"), CHUNKS, ids=[row[0] for row in CHUNKS])
def test_a_chunk_is_the_bytes_in_the_table(kind, values, data):
    kind = read_type(json.loads(bare(kind)) if "{" in kind else bare(kind))
    array = array_of(kind, json.loads(bare(values)))
    wanted = b"" if data == "(none)" else bytes.fromhex(bare(data))
    assert chunk_bytes(array) == wanted
    assert repr(read_chunk(wanted, kind, len(array)).to_pylist()) == repr(array.to_pylist())


def test_every_simple_type_is_listed():
    listed = rows_of("| type | JSON |")[0][1]
    for name in (
        "uint16",
        "float16",
        "date64",
        "time64[ns]",
        "timestamp[us]",
        "duration[s]",
        "month_day_nano_interval",
        "binary_view",
    ):
        assert type_document(read_type(name)) == name
        assert f"`{name}`" in listed or name.startswith(("uint", "time", "duration"))


def again_and_again(cell):
    """Return 1024 bytes."""
    return (bytes.fromhex(re.search("`([0-9a-f]+)`", cell)[1]) * 1024)[:1024]


NUMBERED = {
    "`int64`: 300 times *i* mod 3 for *i* from 0 to 1023": pa.array([place % 3 * 300 for place in range(1024)]),
    '`string`: "no", "yes" and "" in turn': pa.array([["no", "yes", ""][place % 3] for place in range(1024)]),
}


@pytest.mark.parametrize(
    ("values", "begins", "goes_on"), rows_of("| 1024 values | begins with, hexadecimal | goes on with |"), ids=["numbers", "words"]
)
def test_few_values_are_written_by_number_as_the_table_says(values, begins, goes_on):
    column = NUMBERED[values]
    wanted = bytes.fromhex(begins.replace("`", "")) + again_and_again(goes_on)
    assert chunk_bytes(column) == wanted == slow_by_number(column)
    assert read_chunk(wanted, column.type, 1024).equals(column)


def slow_planes(cells, width):
    """Return cells, each some bytes, by planes."""
    if not cells:
        return b""
    differs = [len({cell[place] for cell in cells}) > 1 for place in range(width)]
    bits = sum(one << place for place, one in enumerate(differs))
    planes = [bytes(cell[place] for cell in (cells if one else cells[:1])) for place, one in enumerate(differs)]
    return bits.to_bytes(-(-width // 8), "little") + b"".join(planes)


def slow_by_number(column):
    """Return the chunk of a column without nulls by number as the spec says it; None when it is not to be written so."""
    cells, count = column.to_pylist(), len(column)
    words = sorted(set(cells)) if column.type == pa.int64() else sorted({cell.encode() for cell in cells})
    if column.type == pa.int64():
        data = {word: word.to_bytes(8, "little", signed=True) for word in words}
        size = count * sum(len({data[word][place] for word in words}) > 1 for place in range(8))
        taken, values = 8 * len(words), slow_planes([data[word] for word in words], 8)
    else:
        cells = [cell.encode() for cell in cells]
        size, taken = 4 * count + sum(map(len, cells)), 4 * len(words) + sum(map(len, words))
        values = slow_planes([len(word).to_bytes(4, "little") for word in words], 4) + b"".join(words)
    width = 1 if len(words) <= 256 else 2
    if count < 1024 or len(set(cells[:512])) > 496 or len(words) > 65536 or 3 * (taken + count * width) > 2 * size:
        return None
    places = {word: place for place, word in enumerate(words)}
    numbers = b"".join(bytes(places[cell] >> 8 * byte & 255 for cell in cells) for byte in range(width))
    return b"\2" + len(words).to_bytes(4, "little") + values + numbers


DICE = np.random.default_rng(2)
LIKELY = {
    "few": pa.array(DICE.integers(-900, 900, 1024)),
    "too many for their size": pa.array(DICE.integers(0, 400, 3000)),
    "as many as a byte tells": pa.array(np.concatenate([np.arange(256) * 999, DICE.integers(0, 256, 9000) * 999])),
    "more than a byte tells": pa.array(DICE.integers(-(1 << 60), 1 << 60, 300)[DICE.integers(0, 300, 4000)]),
    "few at the border": pa.array(DICE.integers(0, 1 << 60, 496)[np.arange(3000) % 496]),
    "many at the border": pa.array(DICE.integers(0, 1 << 60, 497)[np.arange(3000) % 497]),
    "few rows": pa.array([1 << 40, 0, 7] * 341),
    "words": pa.array([f"word {place % 300}" for place in range(3000)]),
    "short words": pa.array([f"{place % 300}" for place in range(3000)]),
    "long words": pa.array([f"a longer word {place % 11 * 5}" for place in range(1024)]),
    "letters": pa.array(["a", "", "b"] * 500),
    "many words": pa.array([f"word {place}" for place in range(3000)]),
}


@pytest.mark.parametrize("column", LIKELY.values(), ids=LIKELY)
def test_values_are_written_by_number_exactly_when_the_spec_says_so(column):
    wanted = slow_by_number(column)
    data = chunk_bytes(column)
    assert data == wanted if wanted else data[0] == 0


def fold(word):
    word = (word + 0xD1B54A32D192ED03) % 2**64
    return word % 2**32 ^ word >> 32


def number_word(value):
    return fold(value % 2**64 * 0x9E3779B97F4A7C15)


def text_word(value):
    data = value.encode()
    a, b = int.from_bytes(data[:8], "little"), int.from_bytes(data[-8:], "little") if len(data) > 8 else 0
    return fold(a * 0x9E3779B97F4A7C15 + b * 0xC2B2AE3D27D4EB4F + len(data))


def slow_cuts(words, sizes):
    """Return the ends of the chunks, row by row, as the spec says it."""
    hashes, current = [], 0
    for word in words:
        current = ((current << 1) + word) % 2**32  # what is older than 32 rows has been shifted out
        hashes.append(current)
    ends, start = [], 0
    while start < len(words):
        taken, least, most, mark = 0, None, start + 1, None
        for row in range(start, len(words)):
            taken += sizes[row]
            if taken > 2**22 and row > start:
                break
            most = row + 1
            if taken >= 2**18:
                least = row + 1 if least is None else least
                if hashes[row] < min(2**32 - 1, sizes[row] * 2**12):
                    mark = row + 1
                    break
        if mark is None and most < len(words):
            among = range(min(least or most, most), most + 1)
            mark = max(among, key=lambda end: (hashes[end - 1], end))
        start = mark or len(words)
        ends.append(start)
    return ends


COUNT = 100_000
CUT = {
    "`int64`: *i*² mod 1000003 for *i* from 0 to 99999": ([i * i % 1000003 for i in range(COUNT)], pa.int64()),
    "`int64`: *i* div 40000": ([i // 40000 for i in range(COUNT)], pa.int64()),
    "`string`: *i*² mod 1000003 in decimal digits": ([str(i * i % 1000003) for i in range(COUNT)], pa.string()),
}


@pytest.mark.parametrize(("values", "ends"), rows_of("| values | ends of the chunks |"))
def test_cuts_are_where_the_table_says(values, ends):
    cells, kind = CUT[values]
    wanted = [int(end) for end in ends.split(", ")]
    is_text = kind == pa.string()
    words = [text_word(cell) if is_text else number_word(cell) for cell in cells]
    assert slow_cuts(words, [32 + 8 * len(cell) if is_text else 64 for cell in cells]) == wanted
    assert list(cuts(pa.array(cells, kind))) == wanted


def test_a_column_node_is_what_the_spec_says():
    shelf = MemoryShelf()
    column = pa.array(["b", None, "a", "b"]).dictionary_encode()
    node = read_node(shelf.objects[write_column(shelf, column)])
    document = {"kind": "chunks", "type": {"dictionary": "string", "index": "int32", "ordered": False}, "length": 4, "rows": [4]}
    assert node.payload == canonical(document)
    (words,) = node.nodes
    assert parse(read_node(shelf.objects[words]).payload) == {"kind": "chunks", "type": "string", "length": 2, "rows": [2]}
    assert [shelf.objects[leaf] for leaf in node.leaves] == [bytes.fromhex("010d" + "0100000100" + "00" * 3)]


def test_a_frame_names_its_columns_by_place():
    obj = pd.DataFrame({"a": np.arange(SMALL // 8), "c": pd.Categorical(["x"] * (SMALL // 8))}, index=np.arange(SMALL // 8)[::-1])
    for handler, some in ((pandas, obj), (polars, pl.from_pandas(obj)), (pyarrow, pa.Table.from_pandas(obj))):
        shelf = MemoryShelf()
        root = handler.encode_parts(some, shelf)
        assert isinstance(root, Node)
        head = parse(root.payload)
        assert root.payload == canonical(head)
        assert head["rows"] == len(obj)
        assert [one["name"] for one in head["columns"]][:2] == ["a", "c"]
        for one in head["columns"]:
            assert parse(read_node(shelf.objects[root.nodes[one["column"]]]).payload)["length"] == len(obj)
        said = {bare(word) for row in rows_of("| handler | field | meaning |") for word in re.findall(r"`[a-z]+`", row[1])}
        assert set(head) - {"rows", "columns"} <= said


def test_a_bundle_is_what_the_spec_says():
    data = bundle_bytes(lambda shelf: Node(b"{}", leaves=(shelf.put(b"abc"),)))
    root = Node(b"{}", leaves=(digest_of(b"abc"),)).to_bytes()
    block = b"".join(len(one).to_bytes(8, "little") + one for one in (b"abc", root))
    assert data == b"MVBUND1\n" + len(block).to_bytes(8, "little") * 2 + block
    assert read_bundle(data)[0].to_bytes() == root


def test_the_limits_are_those_of_the_code():
    assert str(MOST_ROWS) in FRAMES
    assert f"{SMALL >> 10} KiB" in FRAMES
    ends = [0, *cuts(pa.array(np.ones(MOST_ROWS * 2 + 5, bool)))]
    assert max(end - start for start, end in pairwise(ends)) == MOST_ROWS
