import re
from pathlib import Path

from mvlake.index import cover, segments
from mvlake.lake.lake import Lake

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "object-storage.md"


def test_what_the_guide_shows_reads_a_lake_in_a_bucket_in_place(server, commit, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(segments, "SPANS", (64, 16))
    monkeypatch.setattr(cover, "SPANS", (64, 16))
    here = Lake.open(tmp_path / "here")
    for number in range(20):
        commit(here, depth=number, metrics={"auc": number / 100})
    here.sql("select 1")
    server.ask("PUT", "/team")
    here.push("s3://team/lakes/fraud")
    Lake.open("s3://team/lakes/fraud").publish()
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    names: dict = {}
    for block in blocks:
        exec(compile(block, str(GUIDE), "exec"), names)
    assert names["best"].fetchall() == [("fraud:v16", 0.15), ("fraud:v15", 0.14), ("fraud:v14", 0.13)]
    assert names["versions"].num_rows == 16


def test_the_guide_names_the_columns_that_there_are():
    from mvlake.index.tables import TABLES

    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (.+) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE))
    for form in TABLES:
        columns = [name for name, _ in form.columns]
        said = re.findall(r"`(\w+)`", rows[form.name])
        assert [one for one in columns if one in said] == said
        assert rows[form.name].endswith("…") or said == columns
