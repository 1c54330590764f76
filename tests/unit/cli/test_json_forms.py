"""`--json`, `--json -` and `--json FILE`: the document on the output, or in a file, with every verb and before it."""

import json

import pytest

from mvlake.cli.main import main
from mvlake.errors import Invalid
from mvlake.lake.grammar import parse_line, parse_words
from mvlake.lake.lake import Lake
from mvlake.lake.report import write_document


@pytest.fixture
def here(tmp_path, monkeypatch, commit):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MVLAKE_LAKE", raising=False)
    commit(Lake.open(tmp_path), depth=1)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "json_", "ref"),
    [
        (["show", "--json", "fraud:v1"], "-", "fraud:v1"),
        (["show", "--json", "-", "fraud:v1"], "-", "fraud:v1"),
        (["show", "fraud:v1", "--json"], "-", "fraud:v1"),
        (["show", "--json", "out.json", "fraud:v1"], "out.json", "fraud:v1"),
        (["show", "fraud:v1", "--json=ci/out"], "ci/out", "fraud:v1"),
        (["show", "fraud:v1"], None, "fraud:v1"),
    ],
)
def test_what_stands_behind_json_is_where_to_write_when_it_looks_so(words, json_, ref):
    call = parse_words(words)
    assert (call.json, call.arguments["ref"]) == (json_, ref)
    assert call.is_json is (json_ == "-")
    assert parse_line(" ".join(words)) == call


@pytest.mark.parametrize(("line", "json_"), [("--json out.json", "out.json"), ("--json -", "-"), ("--json", "-")])
def test_a_query_follows_where_to_write(line, json_):
    call = parse_line(f"sql {line} select 1 - 1")
    assert (call.json, call.arguments["query"]) == (json_, "select 1 - 1")


def test_a_file_holds_the_document_and_the_text_is_printed(here, capsys):
    for _ in range(2):  # the second takes the place of the first
        assert main(["show", "fraud:v1", "--json", "out.json"]) == 0
    assert capsys.readouterr().out.startswith("fraud:v1")
    assert main(["--json", "-", "show", "fraud:v1"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads((here / "out.json").read_text())
    assert main(["--json", "log.json", "log"]) == main(["--json", "log.json", "log"]) == 0
    assert json.loads((here / "log.json").read_text())[0]["ref"] == "fraud:v1"


def test_nothing_else_is_replaced(here, capsys):
    for name, text in (("train.json", '{"cells": []}'), ("notes.json", "no document"), ("list.json", "[1, 2]")):
        (here / name).write_text(text)
        assert main(["show", "fraud:v1", "--json", name]) == 2
        assert "no such report" in capsys.readouterr().err
        assert (here / name).read_text() == text
    with pytest.raises(Invalid):
        write_document(here, {})


def test_an_error_is_text_where_the_document_goes_to_a_file(here, capsys):
    assert main(["show", "gone:v1", "--json", "out.json"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.startswith("mvlake: ")) == ("", True)
    for words in (["--json"], ["--json", "-"], ["--json=-"]):
        assert main(["show", "gone:v1", *words]) == 2
        assert json.loads(capsys.readouterr().out)["error"] == "version-not-found"
