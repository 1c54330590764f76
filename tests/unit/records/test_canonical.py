import json
import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.records.canonical import canonical, parse

LIMIT = 2**53
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.integers(-LIMIT, LIMIT) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=20,
)

# RFC 8785, appendix B: the bits of a double, and the text that it must become.
APPENDIX_B = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


def double(bits):
    return struct.unpack(">d", bytes.fromhex(bits))[0]


@pytest.mark.parametrize(("bits", "text"), APPENDIX_B)
def test_every_number_of_appendix_b_is_written_as_the_rfc_says(bits, text):
    assert canonical(double(bits)) == text.encode()


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_what_is_no_number_is_refused(bits):
    with pytest.raises(ValueError, match="not a JSON number"):
        canonical(double(bits))


def test_the_sample_of_the_rfc_becomes_its_bytes():
    sample = rb"""{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }"""
    said = (
        r'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r'"string":"€$\u000f\nA' + r"""'B\"\\\\\"/"}"""
    )
    assert canonical(parse(sample)) == said.encode()


def test_keys_are_sorted_by_utf_16_as_in_the_rfc():
    sample = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert list(parse(canonical(sample)).values()) == [2, 4, 6, 7, 1, 5, 3]


def test_control_characters_are_escaped_as_the_rfc_says():
    text = "".join(map(chr, range(32))) + '"\\/\x7f\u2028é\U0001f600'
    assert canonical(text).decode() == (
        r'"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016'
        r"\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f" + r"\"\\/" + '\x7f\u2028é\U0001f600"'
    )


@given(VALUES)
@settings(max_examples=300)
def test_any_json_reader_reads_the_value_back(value):
    # Numbers are doubles (RFC 7493): 6.500077976591017e16 is written 65000779765910170, which no double is.
    assert json.loads(canonical(value), parse_int=float) == value
    assert parse(canonical(value)) == value


@given(VALUES)
def test_canonical_bytes_are_stable(value):
    data = canonical(value)
    assert canonical(parse(data)) == data
    assert canonical(json.loads(json.dumps(value, indent=3))) == data


@given(st.dictionaries(TEXTS, st.integers(0, 9)))
def test_the_order_in_which_keys_came_does_not_matter(value):
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=500)
def test_every_double_comes_back_with_the_same_bits_but_for_minus_zero(number):
    back = float(canonical(number))
    assert back == number
    assert math.copysign(1, back) == math.copysign(1, number) or number == 0


@pytest.mark.parametrize("value", [LIMIT + 1, -LIMIT - 1, 10**400, "\ud800", {"\udfff": 1}, float("nan"), [[float("inf")]]])
def test_what_canonical_json_cannot_say_is_a_value_error(value):
    with pytest.raises(ValueError):
        canonical(value)


@pytest.mark.parametrize("value", [b"x", {1: 2}, {1, 2}, object(), 1j])
def test_what_is_no_json_is_a_type_error(value):
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b'{"a":1,"a":1}',
        b"NaN",
        b"[-Infinity]",
        b"1e999",
        b"-1e999",
        b"1" * 400,
        b"9" * 10_000,
        b'"\\ud800"',
        b'["\\uDFFF x"]',
        b'{"\\ud800":1}',
        b"[" * 500 + b"]" * 500,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"01",
        b'"\x01"',
        b"{} {}",
    ],
)
def test_bytes_that_no_canonical_json_could_be_are_a_value_error(data):
    with pytest.raises(ValueError):
        parse(data)


@given(st.binary(max_size=60) | st.text(st.sampled_from('{}[]",:\\ud8 01e+-.nN'), max_size=30).map(str.encode))
@settings(max_examples=400)
def test_any_bytes_at_all_are_a_value_that_can_be_said_again_or_a_value_error(data):
    try:
        value = parse(data)
    except ValueError:
        return
    assert parse(canonical(value)) == value


@pytest.mark.parametrize("depth", [199, 200, 201, 202, 300])
@pytest.mark.parametrize(("start", "leaf"), [("[", ""), ("[", "1"), ('{"a":', "1")])
def test_reader_and_writer_draw_the_line_of_depth_at_the_same_place(depth, start, leaf):
    value = json.loads(leaf or "[]")
    for _ in range(depth - (not leaf)):
        value = {"a": value} if start != "[" else [value]
    text = start * depth + leaf + ("]" if start == "[" else "}") * depth

    def refused(call, given_):
        try:
            call(given_)
        except ValueError:
            return True
        return False

    assert refused(canonical, value) == refused(parse, text.encode())


def test_whole_numbers_beyond_exactness_are_read_as_doubles():
    assert parse(b"[9007199254740992,9007199254740993,100000000000000000000]") == [LIMIT, float(LIMIT), 1e20]
    assert [type(one) for one in parse(b"[9007199254740992,100000000000000000000]")] == [int, float]
