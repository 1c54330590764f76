import re
from pathlib import Path

from mvlake.registry.tables import WIDTHS
from mvlake.store import chapter, pack_index, spans, table_file

SPEC = (Path(__file__).parents[2] / "docs/spec/format-v1.md").read_text("utf-8")
SECTION = SPEC.partition("## The index\n")[2].partition("\n## ")[0]


def test_the_tables_have_the_widths_that_the_spec_says():
    said = {name: int(width) for name, width in re.findall(r"^\| `(\w+)` \| (\d+) \|", SECTION, re.MULTILINE)}
    assert said == {**{table.value: width for table, width in WIDTHS.items()}, **pack_index._WIDTHS}


def test_spans_pages_and_revisions_are_those_that_the_spec_says():
    listed = [
        int(one.replace(" ", "")) for one in re.findall(r"\d[\d ]*\d", SECTION.partition("**span**:")[2].partition("of them")[0])
    ]
    assert tuple(reversed(listed)) == spans.SPANS
    assert f"{table_file.PAGE:,}".replace(",", " ") in SECTION
    assert chapter.REVISION == pack_index.REVISION == 1
    assert table_file.MAGIC == b"MVTABLE\n"
