"""What a profile does not tell: who somebody is."""

import pandas as pd
import pyarrow as pa
import pytest

from mvlake.handlers.lookup import handler_for
from mvlake.handlers.profiling.profiles import profile_of
from mvlake.records.canonical import canonical
from mvlake.records.fields import to_fields

SECRETIVE = {
    "contact": [f"person{one}@example.org" for one in range(20)] * 5,
    "line": [f"+49 170 55512{one:02}" for one in range(20)] * 5,
    "pay_to": ["DE89370400440532013000", "GB82WEST12345698765432"] * 50,
    "paid_with": ["4111 1111 1111 1111", "5500005555555559"] * 50,
    "host": ["192.168.17.4", "10.20.30.40"] * 50,
    "filed_as": ["123-45-6789", "078-05-1120"] * 50,
    "last_name": ["Meier", "Okafor"] * 50,
    "birth_date": pd.to_datetime(["1985-04-12", "1990-11-30"] * 50),
    "mobile": [491705551234, 491705559876] * 50,
    "card": [4111111111111111, 5500005555555559] * 50,
    "api_key": ["zx81-zx81-zx81", "c64c64c64c64"] * 50,
}


def columns(frame):
    found = profile_of(handler_for(frame).examined(frame).profiled, {}, lambda: None)
    return {one.name: one for one in found.columns}, canonical(to_fields(found)).decode()


@pytest.mark.parametrize("make", [lambda cells: cells, lambda cells: pa.Table.from_pandas(cells)])
def test_nothing_of_a_personal_column_is_told_but_how_much_there_is(make):
    found, text = columns(make(pd.DataFrame(SECRETIVE)))
    for name, cells in SECRETIVE.items():
        assert found[name].withheld, name
        assert found[name].because, name
        assert (found[name].rows, found[name].distinct) == (100, len(set(cells)))
        assert (found[name].low, found[name].quantiles, found[name].counts, found[name].categories) == ("", (), (), ())
        for cell in set(cells):
            assert str(cell)[:10] not in text, name


def test_what_only_looks_alike_is_told():
    plain = {
        "day": ["2024-03-01", "2024-03-02"] * 50,
        "version": ["1.2.3", "10.20.30"] * 50,
        "product_name": ["chair", "table"] * 50,
        "amount": ["12.50 EUR", "1,299.00 EUR"] * 50,
        "zip": ["10115", "80331"] * 50,
        "id": [f"a{one:015}" for one in range(2)] * 50,
        "number": list(range(10**15, 10**15 + 20)) * 5,
    }
    found, _ = columns(pd.DataFrame(plain))
    assert {name: one.because for name, one in found.items()} == dict.fromkeys(plain, "")
    assert all(one.low for one in found.values())


def test_values_of_few_rows_are_lumped_and_no_extreme_of_texts():
    found, text = columns(pd.DataFrame({"x": ["common"] * 10 + ["aardvark"] * 4 + ["zebra"]}))
    assert [(one.value, one.rows) for one in found["x"].categories] == [("common", 10)]
    assert (found["x"].others, found["x"].withheld) == (5, ("low", "high"))
    assert "aardvark" not in text
    assert "zebra" not in text


def test_a_few_addresses_among_texts_are_not_among_the_categories():
    cells = ["none"] * 2000 + ["ana@example.org"] * 6 + [f"text {one}" for one in range(1000)]
    found, text = columns(pd.DataFrame({"remark": cells}))
    assert [one.value for one in found["remark"].categories] == ["none"]
    assert "ana@example" not in text


def test_a_known_column_is_told_under_one_name_and_withheld_under_another():
    known = {}
    for name, is_told in (("city", True), ("surname", False), ("city", True)):
        frame = pd.DataFrame({name: ["Paris", "Berlin"] * 10})
        (found,) = profile_of(handler_for(frame).examined(frame).profiled, known, lambda: None).columns
        assert bool(found.categories) is is_told
    assert len(known) == 1
