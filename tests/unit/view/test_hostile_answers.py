"""Every text of every record that an answer shows is somebody's: each of the payloads in all of them at once, in every form."""

import dataclasses
import json

import pytest
from filled import Filler
from hostile import PAYLOADS
from markup import check_fragment, png

from mvlake.compare.diff import Change, ColumnDiff, DataDiff, Diff, StatisticDiff
from mvlake.errors import MvlakeError
from mvlake.records.answers import Table
from mvlake.records.digest import Digest
from mvlake.view.blocks import Picture, Pictures
from mvlake.view.clean import visible
from mvlake.view.document import as_document
from mvlake.view.html import as_html, blocks_html, page
from mvlake.view.outline.answers import ANSWERS
from mvlake.view.text import as_text

KINDS = [kind for kind in ANSWERS if kind is not MvlakeError]
MOST = 3_000_000
UNSEEN = [one for one in PAYLOADS if not one.isprintable()]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_hostile_text_in_every_field_is_text_in_every_form(kind):
    for seed, payload in enumerate(PAYLOADS):
        answer = Filler(payload, seed).filled(kind)
        html = as_html(answer)
        check_fragment(html)
        assert len(html) < MOST
        json.dumps(as_document(answer), allow_nan=False).encode("utf-8")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_terminal_is_told_what_nobody_sees_and_no_line_is_too_wide(kind):
    from rich.cells import cell_len

    for width, payload in ((20, "\u6f22\u5b57" * 80), *((100, one) for one in UNSEEN)):
        text = as_text(Filler(payload, width).filled(kind), width=width)
        assert all(visible(line, limit=10_000) == line for line in text.split("\n"))
        assert max(map(cell_len, text.split("\n"))) <= width


def test_the_payloads_are_shown_where_they_stand_and_not_left_out():
    reader = check_fragment(as_html(Filler("<b>bold</b> & 'text'", 1).filled(Diff)))
    assert sum("<b>bold</b> & 'text'" in text for text in reader.texts) > 100


def test_there_are_25_payloads_and_no_two_are_the_same():
    assert len(set(PAYLOADS)) == len(PAYLOADS) == 25


@pytest.mark.parametrize("payload", PAYLOADS[:3], ids=range(3))
def test_a_title_is_text_too(payload):
    html = page(Filler("x", 0).filled(Diff), payload)
    assert "<script" not in html
    assert "<img" not in html


def test_very_many_of_everything_are_a_page_of_bounded_size_that_says_so():
    html = as_html(Filler("x" * 1000, 5, size=12).filled(Diff))
    assert len(html) < MOST
    assert "not shown: the page is full" in html
    check_fragment(html)


def test_pictures_are_embedded_as_far_as_a_page_can_take_them():
    digests = [Digest(f"b3:{number:064x}") for number in range(8)]
    blocks = [Pictures((), (Picture("x", one),)) for one in digests]
    html = blocks_html(blocks, pictures={one: png() + bytes(7_000_000) for one in digests})
    assert html.count("<img ") == 4
    assert html.count("not shown here: 7 MB") == 4


def test_fifty_thousand_columns_and_a_hundred_thousand_rows_are_a_page_of_bounded_size():
    columns = tuple(
        ColumnDiff(f"column {number}", Change.CHANGED, "int64", "float64", statistics=(StatisticDiff("mean", "1", "2"),))
        for number in range(50_000)
    )
    sizes = ("100,000 rows", "100,000 rows", 100_000, 100_000)
    data = DataDiff("input", "wide", Change.CHANGED, "frame", None, None, *sizes, columns)
    diff = dataclasses.replace(Filler("x", 1).filled(Diff), data=(data,))
    html = as_html(diff)
    check_fragment(html)
    assert len(html) < MOST
    assert len(as_text(diff)) < MOST
    table = Table(tuple(f"c{number}" for number in range(300)), tuple((1,) * 300 for _ in range(100_000)))
    assert len(as_html(table)) < 2 * MOST
