"""Column policies in a lake: in every way in which an object comes into it, and who may ask for how much."""

import json

import pandas as pd
import pytest

import mvlake
from mvlake.errors import Invalid
from mvlake.handlers.screen import Screen
from mvlake.lake.hidden import HiddenColumns
from mvlake.lake.lake import Lake
from mvlake.lake.manner import Manner
from mvlake.lake.policy import parse_policy, wanted_columns
from mvlake.lake.screened_notebook import screened_notebook
from mvlake.lake.screening import columns_again, screened_draft
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.column_rule import ColumnAction, ColumnRule
from mvlake.view.text import as_text

FRAME = pd.DataFrame({"email": ["ann@x.org"], "n": [1]})


def test_a_policy_says_which_columns():
    said = b'[columns]\nhash = ["*mail*"]\n[columns.names.fraud]\ndrop = ["ssn"]'
    assert parse_policy(said).columns == (
        ColumnRule(ColumnAction.HASH, "*mail*"),
        ColumnRule(ColumnAction.DROP, "ssn", "fraud"),
    )
    assert wanted_columns({"MVLAKE_COLUMNS": " hash: e mail ,DROP@fraud*:ssn,"}) == (
        ColumnRule(ColumnAction.HASH, "e mail"),
        ColumnRule(ColumnAction.DROP, "ssn", "fraud*"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "columns = 3", "[columns]\nkeep = ['a']", "[columns]\nhash = 'a'", "[columns]\nhash = [1]", "[columns]\nhash = ['']",
        '[columns]\nhash = ["\\u0000"]', "[columns]\nnames = 1", "[columns.names]\nfraud = 1", "[columns.names.fraud]\nhsah = ['a']",
        "[columns]\nhash = ['" + "*a" * 5000 + "']",
    ],
)  # fmt: skip
def test_what_nobody_can_mean_is_refused(text):
    with pytest.raises(Invalid) as refused:
        parse_policy(text.encode())
    assert refused.value.hint


@pytest.mark.parametrize("text", ["email", "keep:email", "hash:", "hash@:\0", "drop@fraud"])
def test_so_it_is_in_the_environment(text):
    with pytest.raises(Invalid, match="MVLAKE_COLUMNS") as refused:
        wanted_columns({"MVLAKE_COLUMNS": text})
    assert refused.value.hint


def test_a_lake_can_only_ask_for_more(tmp_path, monkeypatch):
    monkeypatch.setenv("MVLAKE_COLUMNS", "mask@fraud:email")
    lake = Lake.open(tmp_path)
    policy = tmp_path / ".mvlake" / "policy.toml"
    for said, rule in (('hash = ["email"]', "column-mask"), ('drop = ["E*"]', "column-drop")):
        policy.write_text(f"[columns]\n{said}")
        lake.protect(())
        made = lake.preserve(Role.OUTPUT, "x", FRAME, Manner(version="fraud"))
        assert [(one.rule, one.place, one.count, one.column) for one in made.redacted] == [(rule, "output x", 1, "email")]
    policy.unlink()
    lake.protect(())
    assert not lake.preserve(Role.OUTPUT, "x", FRAME, Manner(version="other")).redacted


class Holder:
    def __init__(self, held):
        self.held = held


def test_frames_within_others_are_found(tmp_path, monkeypatch):
    monkeypatch.setenv("MVLAKE_COLUMNS", "hash:email")
    lake = Lake.open(tmp_path)
    within = {"a": [FRAME], "b": (FRAME, 1)}
    made = lake.preserve(Role.OUTPUT, "x", within)
    assert isinstance(made, DraftArtifact)
    assert b"ann@x.org" not in (made.content or b"")
    assert [one.count for one in made.redacted] == [2]  # in two places
    assert within["a"][0] is FRAME
    refused = lake.preserve(Role.OUTPUT, "x", Holder(FRAME))
    assert isinstance(refused, Omission)
    assert "column policy" in refused.reason
    assert isinstance(lake.preserve(Role.OUTPUT, "x", FRAME["email"]), DraftArtifact)
    monkeypatch.setenv("MVLAKE_COLUMNS", "drop:email")
    assert isinstance(lake.preserve(Role.OUTPUT, "x", FRAME["email"]), Omission)


def test_a_run_of_a_script_says_what_was_hidden_and_a_replay_hides_it_again(tmp_path, monkeypatch):
    monkeypatch.setenv("MVLAKE_COLUMNS", "hash:email")
    with mvlake.track("fraud", lake=tmp_path) as run:
        run.output(people=FRAME)
    lake = Lake.open(tmp_path)
    version = run.committed.version
    with pytest.warns(HiddenColumns):
        people = lake.load("fraud", "people")
    assert list(people.columns) == ["email", "n"]
    assert people["email"][0] != "ann@x.org"
    assert "column-hash" in as_text(lake.show("fraud"))
    found = lake.sql("select rule, place, \"column\", count from redactions where place like '%people'").rows
    assert [tuple(one) for one in found] == [("column-hash", "output people", "email", 1)]
    assert columns_again(version, {}) == {"MVLAKE_COLUMNS": ",hash:email"}
    assert wanted_columns(columns_again(version, {})) == (ColumnRule(ColumnAction.HASH, "email"),)


def test_a_frame_of_before_the_policy_is_not_named_again(tmp_path):
    lake = Lake.open(tmp_path)
    wide = pd.DataFrame({("user", "email"): ["ann@x.org"], ("user", "n"): [1]}).set_index(pd.Index(["x"], name="mail"))
    before = lake.preserve(Role.OUTPUT, "wide", wide)
    (tmp_path / ".mvlake" / "policy.toml").write_text('[columns]\nhash = ["*mail"]')
    lake.protect(())
    after = lake.preserve(Role.OUTPUT, "wide", wide)
    assert [one.column for one in after.redacted] == ["mail", "user, email"]
    screen = Screen(parse_policy(b'[columns]\nhash = ["*mail"]').columns, lambda: bytes(32))
    kept, omitted = screened_draft([before, after], screen)
    assert kept == (after,)
    assert [one.reason for one in omitted] == ["column policy: it was kept before its columns were hidden"]
    stricter = Screen([*screen.rules, ColumnRule(ColumnAction.DROP, "email")], lambda: bytes(32))
    assert screened_draft([after], stricter)[0] == ()


def test_outputs_of_a_notebook_that_name_a_column_are_replaced_and_the_rest_stays():
    screen = Screen([ColumnRule(ColumnAction.HASH, "email")], lambda: bytes(32))
    shows = {"output_type": "display_data", "data": {"text/html": ["<th>", "email</th>ann@x.org"]}}
    told = {"output_type": "stream", "text": "score 0.5"}
    escaped = {"output_type": "execute_result", "data": {"application/json": {"rows": "\nemail ann@x.org"}}}
    cell = {"cell_type": "code", "source": "frame['email']", "outputs": [shows, told, escaped]}
    text, count = screened_notebook(json.dumps({"cells": [{"cell_type": "markdown", "source": ""}, cell]}), screen)
    assert count == 2
    assert "ann@x.org" not in text
    assert "frame['email']" in text
    assert json.loads(text)["cells"][1]["outputs"][1] == told
    plain = json.dumps({"cells": [cell | {"outputs": [told]}]})
    assert screened_notebook(plain, screen) == (plain, 0)
    for strange in ("[1, email]", '{"cells": 3, "email": 1}', '{"cells": [{"outputs": {"email": 1}}]}', "[" * 100_000 + "email"):
        assert "email" not in screened_notebook(strange, screen)[0]


def test_words_are_found_behind_escapes_of_json():
    screen = Screen([ColumnRule(ColumnAction.HASH, "email")], lambda: bytes(32))
    assert all(screen.speaks_of(json.dumps(one)) for one in ("\nemail", "\temail", "\u2028email", "é\x00email"))
    assert not screen.speaks_of("\\nemails")
