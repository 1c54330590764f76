"""What a run of a script prints, reads and makes is hidden and redacted as what a cell does."""

import os

import pandas as pd
import pytest
from every_byte import found_in

import mvlake
from mvlake.errors import Invalid
from mvlake.lake.hidden import HiddenColumns
from mvlake.lake.lake import Lake

# Backwards: this file is the program, whose text is kept with that of all local modules, and values typed in code are not hidden.
HOST, NUMBER = "gro.tsoh-deliev"[::-1], "055-deppord"[::-1]
PLAIN = (HOST.encode(), b"fr0m-a-prompt-17", b"s3rvice-k3y-99", NUMBER.encode())


def run_once(folder, columns, *, fails=False):
    people = pd.DataFrame({"mail": [f"person{one}@{HOST}" for one in range(500)], "ssn": [f"{NUMBER}{one}" for one in range(500)]})
    (folder / "people.csv").write_text(people.to_csv(index=False))
    typed_password = "71-tpmorp-a-m0rf"[::-1]
    try:
        with mvlake.track("people", lake=folder / "lake", columns=columns) as run:
            read = pd.read_csv(folder / "people.csv")
            print(read.head(3), typed_password, os.environ["SERVICE_KEY"])
            run.output(read=read, within={"deep": [read]}, few=read.head(3))
            run.note(f"with {typed_password}")
            if fails:
                raise ValueError(typed_password)
    except ValueError:
        pass
    return run


def test_a_run_hides_columns_and_secrets_and_without_rules_they_are_found(tmp_path, monkeypatch):
    monkeypatch.setenv("SERVICE_KEY", "s3rvice-k3y-99")
    monkeypatch.chdir(tmp_path)
    hidden, plain = tmp_path / "hidden", tmp_path / "plain"
    for folder in (hidden, plain):
        folder.mkdir()
    version = run_once(hidden, "hash:mail, drop:ssn").committed.version
    run_once(hidden, "hash:mail, drop:ssn", fails=True)
    assert found_in(hidden / "lake", PLAIN) == set()
    assert {(one.rule, one.column) for one in version.redacted if one.column} == {("column-hash", "mail"), ("column-drop", "ssn")}
    with pytest.warns(HiddenColumns):
        mails = Lake.open(hidden / "lake").load("people", "read", columns="mail", rows="0:1")["mail"]
    assert len(mails[0]) == 16
    run_once(plain, "")
    assert found_in(plain / "lake", PLAIN) == {HOST.encode(), NUMBER.encode()}


def test_rules_that_nobody_can_mean_are_refused():
    with pytest.raises(Invalid, match="columns has"):
        mvlake.track("people", columns="lose:ssn")
