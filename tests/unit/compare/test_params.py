import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.compare.diff import Change
from mvlake.compare.params import compare_params
from mvlake.compare.values import exact, number
from mvlake.records.plain import to_plain


def row(build, a, b):
    return compare_params(build.dossier("x", params={"p": a}), build.dossier("x", params={"p": b}))[0]


@pytest.mark.parametrize(
    ("a", "b", "note"),
    [
        (1, 1.0, "int became float; the value is equal"),
        (1, True, "int became bool"),
        (0.0, -0.0, "only the sign of zero differs"),
        ((1, 2), [1, 2], "tuple became list"),
        (None, "None", "None became str"),
        ({"a": 1}, {"a": 1.0}, ""),
        ("x", "y", ""),
        (2**70, float(2**70), "int became float; the value is equal"),
    ],
)
def test_values_that_look_alike_are_told_apart(build, a, b, note):
    told = row(build, a, b)
    assert (told.change, told.note) == (Change.CHANGED, note)


def test_absent_and_none_are_not_the_same(build):
    told = compare_params(build.dossier("x", params={}), build.dossier("x", params={"p": None}))
    assert (told[0].change, told[0].a, told[0].b) == (Change.ADDED, None, None)
    assert row(build, None, None).change is Change.UNCHANGED


def test_parameters_come_in_bs_order_with_removed_ones_where_they_were(build):
    told = compare_params(
        build.dossier("x", params={"a": 1, "gone": 2, "c": 3}), build.dossier("x", params={"new": 0, "c": 3, "a": 1})
    )
    assert [one.name for one in told] == ["new", "c", "a", "gone"]


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.floats(width=16), st.text(max_size=2))


@given(a=SCALARS, b=SCALARS)
def test_two_values_are_the_same_exactly_when_type_and_value_are(a, b):
    assert (exact(to_plain(a)) == exact(to_plain(b))) == (type(a) is type(b) and repr(a) == repr(b))


@given(st.one_of(st.integers(), st.floats(allow_nan=False)))
def test_a_plain_number_is_read_as_that_number(value):
    assert number(to_plain(value)) == value
    assert type(number(to_plain(value))) is type(value)
