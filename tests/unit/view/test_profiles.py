"""What `show` tells of data, column by column."""

import dataclasses

from mvlake.records.answers import Shown
from mvlake.records.profile import ColumnProfile, Profile, ValueKind
from mvlake.view.html import page
from mvlake.view.text import as_text


def test_a_column_is_a_line_with_its_form_and_with_what_is_withheld(make):
    text = as_text(Shown(make.entry(), make.dossier()), width=200)
    assert "10,500 rows, 7 columns" in text
    line = next(one for one in text.splitlines() if "61.5" in one)
    assert "≈ 9,800" in line
    assert "█▁" in line
    assert "1 NaN" in line
    assert "de 85.7%, fr 14.2%, others <0.1%" in text
    assert "low, high not told: its values look like e-mail addresses" in text
    assert "100%" in text


def test_the_same_is_in_html_without_script_and_in_json(make, as_json):
    shown = Shown(make.entry(), make.dossier())
    html = page(shown, "x")
    assert "10,000 → 487" in html
    assert "its values look like e-mail addresses" in html
    assert "<script" not in html
    (found,) = [one["profile"] for one in as_json(shown)["artifacts"] if "profile" in one]
    assert [one["name"] for one in found["columns"]] == ["amount", "country", "mail"]
    assert found["columns"][0]["counts"] == [10_000, 487]


def test_a_wide_frame_has_a_bounded_table(make):
    columns = tuple(ColumnProfile(f"c{one}", ValueKind.NUMBER, 3, 0) for one in range(5000))
    dossier = dataclasses.replace(
        make.dossier(), profiles={key: Profile(3, columns, more=45_000) for key in make.dossier().profiles}
    )
    text = as_text(Shown(make.entry(), dossier), width=200)
    assert "c19" in text
    assert "c20" not in text
    assert "49,980 more" in text
