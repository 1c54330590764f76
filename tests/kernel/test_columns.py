"""Column policies in a real kernel: values of hidden columns are looked for in every byte that was written."""

import pytest
from every_byte import found_in

from mvlake.lake.hidden import HiddenColumns
from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict
from mvlake.view.text import as_text

MAILS = [f"person{one:05d}@secret-host.org" for one in range(2000)]
PLAIN = (b"secret-host.org", b"Zanzibarine", b"700123")

POLICY = """
[columns]
hash = ["*mail*"]
[columns.names.people]
drop = ["ssn"]
"""

READ = """%%track people
import pandas as pd, polars as pl, pyarrow as pa
people = pd.read_csv("people.csv", dtype={"ssn": str})
grown = people.assign(n=people["n"] + 1)
some = people[people["n"] > 1000]
keyed = people.set_index("e_mail")
counts = people.groupby("e_mail").size()
apart = {"list": [people.head(3)], "polars": pl.from_pandas(people), "arrow": pa.Table.from_pandas(people)}
few = people.head(9)
print(people.head())
display(people.head())
people.head()
"""


def write_people(folder):
    lines = ["e_mail,Name,ssn,n", *(f"{mail},Zanzibarine{one},{700000 + one},{one}" for one, mail in enumerate(MAILS))]
    (folder / "people.csv").write_text("\n".join(lines))


def test_no_value_of_a_hidden_column_reaches_the_disk(start_kernel, tmp_path):
    write_people(tmp_path)
    Lake.open(tmp_path / "lake")
    (tmp_path / "lake" / ".mvlake" / "policy.toml").write_text(POLICY)
    kernel = start_kernel(MVLAKE_COLUMNS="mask:name")
    ran = kernel.run(READ)
    assert ran.error is None
    assert "secret-host.org" in ran.text  # the user sees their own frame
    assert "column" in "".join(ran.cards)
    ran = kernel.run("%%track people\npeople.loc[0, 'n'] = 77\npeople['n'] *= 2\nout = people.iloc[:5]")
    assert ran.error is None
    assert kernel.run("people['e_mail'][0]").result == repr(MAILS[0])
    assert kernel.run("%mv snapshot whole --columns drop:ssn").status == "error"  # no option of a snapshot: the policy's are
    asked = kernel.run('%%track other --columns "drop:ss*, drop@people:n"\nmine = people[["ssn", "n"]].head(5)\nprint(mine)\nmine')
    assert asked.error is None
    assert kernel.run('%%track other --columns "lose:ssn"\nx = 1').status == "error"
    made = "%%track made\nimport pandas as pd\nframe = pd.DataFrame({'Name': [x * 7 for x in range(9)], 'n': 1.5})"
    assert kernel.run(made).error is None
    said = kernel.run("%mv checkout people:v1")
    assert "columns come back as the policy left them" in str(said)
    assert "people of people:v1 is as the column policy left it: Name (masked)" in str(kernel.run("%mv load people:v1 people"))
    kernel.close()

    lake = Lake.open(tmp_path / "lake")
    assert found_in(tmp_path / "lake", PLAIN) == set()
    with pytest.warns(HiddenColumns, match=r"Name \(masked\), e_mail \(hashed\), ssn \(dropped\)$") as told:
        kept = lake.load("people:v1", "people")
    assert told[0].filename == __file__
    assert list(kept.columns) == ["e_mail", "Name", "n"]
    assert kept["e_mail"].nunique() == len(MAILS)
    assert set(kept["Name"]) == {"masked"}
    assert list(lake.load("people:v1", "people", columns="n", rows="0:2")["n"]) == [0, 1]  # of which nothing is to be said
    with pytest.warns(HiddenColumns, match=r"it: e_mail \(hashed\)$"):
        assert list(lake.load("people:v1", "people", columns="e_mail,n")["e_mail"]) == list(kept["e_mail"])
    with pytest.warns(HiddenColumns):
        assert list(lake.load("people:v1", "keyed").index) == list(kept["e_mail"])
    with pytest.warns(HiddenColumns):
        found = lake.load("people:v1", "apart")
    assert list(found["polars"]["e_mail"]) == list(kept["e_mail"]) == found["arrow"]["e_mail"].to_pylist()
    assert lake.show("people:v2").entry.version.names.mutated == ("people",)
    with pytest.warns(HiddenColumns):
        assert list(lake.load("other", "mine").columns) == ["n"]
    shown = as_text(lake.show("people:v1"))
    for word in ("column-drop", "column-hash", "column-mask", "column policy"):
        assert word in shown
    rows = lake.sql("select distinct rule, \"column\" from redactions where place = 'output people' order by 1").rows
    assert [tuple(one) for one in rows] == [("column-drop", "ssn"), ("column-hash", "e_mail"), ("column-mask", "Name")]
    # Who replays it has not asked for what its maker asked for.
    replayed = lake.replay("made", no_diagnose=True).replayed
    assert replayed.verdict is Verdict.IDENTICAL, replayed.items


def test_without_a_policy_they_are_found_and_one_that_comes_later_does_not_spoil_replays(start_kernel, tmp_path):
    write_people(tmp_path)
    kernel = start_kernel()
    assert kernel.run(READ.replace('"people.csv"', f'"{tmp_path}/people.csv"')).error is None
    assert kernel.run("%%track people\nname = people['Name']\nsome = people.head(9)").error is None
    kernel.close()
    assert found_in(tmp_path / "lake", PLAIN) == set(PLAIN)

    lake = Lake.open(tmp_path / "lake")
    (tmp_path / "lake" / ".mvlake" / "policy.toml").write_text(POLICY + 'mask = ["name"]\n')
    executed = tmp_path / "executed.ipynb"
    for ref in ("people:v1", "people:v2"):
        replayed = lake.replay(ref, output=executed, no_diagnose=True).replayed
        assert replayed.verdict is Verdict.IDENTICAL, replayed.items
        assert "secret-host.org" not in executed.read_text()
    told = {(one.kind, one.name): one.reason for one in lake.replay("people:v1", no_diagnose=True).replayed.items}
    assert told["output", "people"] == "has the same content"
    assert told["stream", "stdout"] == "a column policy hides it by now"
