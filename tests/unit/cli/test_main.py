import json
import re

import pytest

from mvlake import __version__
from mvlake.cli.main import exit_code, main
from mvlake.lake.lake import Lake
from mvlake.lake.verbs import VERBS
from mvlake.records.answers import Verdicts
from mvlake.records.events import Replayed, Verdict
from mvlake.store.hashing import digest_of

VERSION_KEYS = {
    "ref", "name", "number", "parent", "created_at", "author", "params", "metrics", "artifacts", "git", "notes", "tags"
}  # fmt: skip


class Local:
    """A class of the notebook: only a pickle can keep it."""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MVLAKE_LAKE", raising=False)
    return tmp_path


@pytest.fixture
def lake(here, commit):
    lake = Lake.open(here)
    commit(lake, depth=1, outputs={"x": {"a": 1}, "text": "grüße"}, metrics={"auc": 0.5}, message="first")
    commit(lake, depth=2, outputs={"x": {"a": 2}, "thing": Local()}, metrics={"auc": 0.75}, models={"model": [1, 2]})
    lake.promote("fraud:v1", "production")
    lake.promote("fraud:v2", "production")
    return lake


@pytest.fixture
def run(capsys):
    def run(*words):
        code = main(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def document(run):
    def document(*words, code=0):
        found, out, err = run(*words, "--json")
        assert (found, err) == (code, "")
        return json.loads(out)

    return document


EVERY = {
    "init": [],
    "log": [],
    "show": ["fraud:v1"],
    "compare": ["fraud:v1", "fraud:v2"],
    "leaderboard": ["fraud", "--by", "auc"],
    "load": ["fraud:v1", "x"],
    "export": ["fraud:v1", "x"],
    "checkout": ["fraud:v2"],
    "sql": ["select", "ref", "from", "versions"],
    "tag": ["fraud:v1", "base", "best"],
    "note": ["fraud:v1", "best", "yet"],
    "metric": ["uplift", "fraud"],
    "param": ["weights", "fraud"],
    "ignore": ["rows", "fraud"],
    "corrections": ["fraud"],
    "promote": ["fraud:v1", "staging"],
    "rollback": ["production"],
    "labels": [],
    "at": ["2030-01-01"],
    "verify": [],
    "repair": [],
    "unforget": ["fraud:v1"],
    "gc": [],
    "rebuild": [],
    "status": [],
    "help": [],
}


def test_every_verb_is_run_here_that_needs_nothing_but_a_lake():
    assert {verb.name for verb in VERBS} - EVERY.keys() == {"replay", "forget", "doctor", "push", "pull", "sync", "publish"}


@pytest.mark.parametrize("verb", EVERY)
def test_a_verb_answers_in_text(lake, run, verb):
    code, out, err = run(verb, *EVERY[verb])
    assert (code, err) == (0, "")
    assert out.strip()
    assert "\x1b" not in out


@pytest.mark.parametrize("verb", EVERY)
def test_a_verb_answers_in_one_json_document(lake, document, verb):
    assert document(verb, *EVERY[verb]) is not None


@pytest.mark.parametrize("verb", EVERY)
def test_the_lake_may_be_named_before_and_behind_the_verb(lake, run, tmp_path, monkeypatch, verb):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    path = str(tmp_path)
    (tmp_path / ".mvlake").rename(tmp_path / "moved")
    path = str(tmp_path / "moved")
    assert run(verb, *EVERY[verb], "--lake", path)[0] == 0
    if verb not in ("export", "checkout", "rollback"):
        assert run("--lake", path, verb, *EVERY[verb])[0] == 0
        assert run(f"--lake={path}", "--json", verb, *EVERY[verb])[0] == 0
    if verb not in ("init", "help"):
        assert run(verb, *EVERY[verb])[0] == 2


@pytest.mark.parametrize("verb", sorted(EVERY.keys() - {"load"}))
def test_a_verb_answers_in_a_page(lake, run, here, verb):
    code, _, err = run(verb, *EVERY[verb], "--html", "page.html")
    assert (code, err) == (0, "")
    if verb not in ("init", "help"):
        page = (here / "page.html").read_text(encoding="utf-8")
        assert page.startswith("<!DOCTYPE html>")
        assert "<script" not in page


def test_log_is_a_list_of_versions(lake, document):
    log = document("log")
    assert [one["ref"] for one in log] == ["fraud:v2", "fraud:v1"]
    assert all(one.keys() >= VERSION_KEYS for one in log)
    assert (log[0]["params"], log[0]["metrics"], log[0]["parent"]) == ({"depth": 2}, {"auc": 0.75}, "fraud:v1")
    assert [one["ref"] for one in document("log", "fraud", "-n", "1")] == ["fraud:v2"]
    assert [one["ref"] for one in document("log", "--limit", "0")] == ["fraud:v2", "fraud:v1"]


def test_the_log_of_a_terminal_is_short_unless_asked(lake, document, commit):
    for depth in range(3, 30):
        commit(lake, depth=depth)
    assert len(document("log")) == 20
    assert len(document("log", "-n", "0")) == 29


def test_show_is_one_version(lake, document):
    lake.note("fraud:v2", "hm")
    lake.tag("fraud:v2", "base")
    shown = document("show", "fraud@production")
    assert shown.keys() >= VERSION_KEYS | {"code", "environment"}
    assert (shown["ref"], shown["name"], shown["number"]) == ("fraud:v2", "fraud", 2)
    assert [one["text"] for one in shown["notes"]] == ["hm"]
    assert shown["tags"] == ["base"]
    assert shown["labels"] == ["production"]
    assert all(one.keys() >= {"role", "name", "handler", "digest", "size"} for one in shown["artifacts"])
    assert {one["name"]: one["role"] for one in shown["artifacts"]} == {"x": "output", "thing": "output", "model": "model"}
    assert shown["code"][-1]["source"].startswith("%%track fraud")
    assert shown["environment"]["packages"] == {"numpy": "2.4.0"}
    assert shown["git"]["commit"] == "c0ffee"


def test_compare_is_the_diff_document(lake, document):
    diff = document("compare", "fraud:v1", "fraud:v2")
    assert (diff["a"]["ref"], diff["b"]["ref"]) == ("fraud:v1", "fraud:v2")
    assert {"code", "params", "metrics", "data", "models", "environment", "figures"} <= diff.keys()
    assert diff == document("compare", "fraud:v2")


def test_compare_without_refs_is_of_the_last_two(lake, document):
    assert document("compare") == document("compare", "fraud:v1", "fraud:v2")


def test_a_difference_is_an_exit_code_where_that_is_asked_for(lake, run):
    assert run("compare", "fraud:v1", "fraud:v2")[0] == 0
    assert run("compare", "fraud:v1", "fraud:v2", "--exit-code")[0] == 1
    assert run("compare", "fraud:v2", "fraud:v2", "--exit-code")[0] == 0
    assert run("compare", "fraud:v1", "fraud:v9", "--exit-code")[0] == 2
    assert run("compare", "fraud:v1", "fraud:v2", "fraud:v1")[0] == 0
    assert run("compare", "fraud:v1", "fraud:v2", "fraud:v1", "--exit-code")[0] == 1
    assert run("compare", *["fraud:v2"] * 3, "--exit-code")[0] == 0
    assert run("compare", "fraud:v1", "fraud:v2", "fraud:v9", "--exit-code")[0] == 2


def test_a_live_frame_that_differs_is_an_exit_code_too(lake, run, here, commit):
    import pandas as pd

    commit(lake, "served", depth=1, outputs={"df": pd.DataFrame({"x": [1, 2]})})
    pd.DataFrame({"x": [1, 2]}).to_parquet(here / "same.parquet")
    pd.DataFrame({"x": [1, 3]}).to_parquet(here / "other.parquet")
    assert run("compare", "served", "--with", str(here / "same.parquet"), "--exit-code")[0] == 0
    assert run("compare", "served", "--with", str(here / "other.parquet"), "--exit-code")[0] == 1


def test_several_versions_are_a_table_as_text_page_and_json(lake, run, document, here):
    refs = ("fraud:v1", "fraud:v2", "fraud:v1")
    assert "3 versions side by side" in run("compare", *refs)[1]
    assert [one["ref"] for one in document("compare", *refs)["versions"]] == list(refs)
    assert run("compare", *refs, "--html", str(here / "table.html"))[0] == 0
    assert "side by side" in (here / "table.html").read_text(encoding="utf-8")


def test_compare_of_a_version_without_parent_is_an_error(lake, run):
    code, out, err = run("compare", "fraud:v1")
    assert (code, out) == (2, "")
    assert "no parent" in err


def test_sql_is_a_list_of_rows(lake, document):
    assert document("sql", "select ref, value from metrics where metric = 'auc' order by value") == [
        {"ref": "fraud:v1", "value": 0.5},
        {"ref": "fraud:v2", "value": 0.75},
    ]
    assert document("sql", "select", "1", "as", "one") == [{"one": 1}]


def test_verify_is_its_findings_and_its_exit_code(lake, document, run, here):
    findings = document("verify")
    assert findings["is_clean"]
    assert findings["problems"] == []
    record = here / ".mvlake" / "log" / "000000" / "000002.json"
    record.chmod(0o644)
    record.write_bytes(record.read_bytes().replace(b"fraud", b"fr4ud"))
    findings = document("verify", code=1)
    assert findings["problems"][0].keys() == {"code", "subject", "problem"}
    assert findings["problems"][0]["subject"] == "record 2"
    code, out, err = run("verify")
    assert (code, err) == (1, "")
    assert "record 2" in out


def test_load_prints_the_object(lake, run, document):
    assert run("load", "fraud:v1", "x") == (0, "{'a': 1}\n", "")
    assert run("load", "fraud:v1", "text") == (0, "grüße\n", "")
    assert document("load", "fraud:v1", "x") == {"a": 1}
    assert document("load", "fraud:v2") == [1, 2]


def test_load_writes_the_bytes_to_a_file(lake, run, here, document):
    code, out, _ = run("load", "fraud:v1", "x", "--to", "x.json")
    assert code == 0
    assert "x.json" in out
    assert json.loads((here / "x.json").read_text()) == {"a": 1}
    assert document("load", "fraud:v1", "x", "--to", "y.json")["ref"] == "fraud:v1"
    assert run("load", "fraud:v2", "thing", "--to", "thing.pkl")[0] == 0
    assert b"Local" in (here / "thing.pkl").read_bytes()


def test_load_replaces_no_file(lake, run, here):
    (here / "mine.py").write_text("mine")
    code, _, err = run("load", "fraud:v1", "x", "--to", "mine.py")
    assert code == 2
    assert "already" in err
    assert (here / "mine.py").read_text() == "mine"


@pytest.mark.parametrize("words", [["--columns", "a"], ["--rows", "0:1"], ["--as", "arrow"]])
def test_load_writes_no_more_to_a_file_than_was_asked_for(lake, run, here, commit, words):
    import pandas as pd

    commit(lake, "frames", outputs={"df": pd.DataFrame({"a": [1, 2], "b": [3, 4]})})
    code, _, err = run("load", "frames", "df", *words, "--to", "df.bin")
    assert code == 2
    assert f"{words[0]} with --to" in err
    assert not (here / "df.bin").exists()


def test_load_of_a_pickle_needs_a_word(lake, run):
    code, out, err = run("load", "fraud:v2", "thing")
    assert (code, out) == (2, "")
    assert "--trust" in err
    assert "Local object" in run("load", "fraud:v2", "thing", "--trust")[1]


def test_load_makes_no_page(lake, run, here):
    code, _, err = run("load", "fraud:v1", "x", "--html", "page.html")
    assert code == 2
    assert "--to" in err
    assert not (here / "page.html").exists()


def test_export_writes_a_file_that_others_read_and_replaces_none(lake, run, here, commit):
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2, 3], "b": list("xyz")})
    commit(lake, "frames", outputs={"df": frame})
    code, out, _ = run("export", "frames:v1", "df", "--to", "df.parquet")
    assert code == 0
    assert "df.parquet" in out.replace("\n", "")
    assert pd.read_parquet(here / "df.parquet").equals(frame)
    code, _, err = run("export", "frames:v1", "df", "--to", "df.parquet")
    assert code == 2
    assert "already" in err
    assert run("export", "frames")[0] == 0
    assert (here / "frames-v1-df.parquet").is_file()


def test_load_prints_a_column_and_some_rows(lake, run, commit):
    import pandas as pd

    commit(lake, "frames", outputs={"df": pd.DataFrame({"a": [1, 2, 3], "b": list("xyz")})})
    assert run("load", "frames", "df", "--columns", "b", "--rows", "-2:") == (0, "   b\n1  y\n2  z\n", "")
    code, out, _ = run("load", "frames", "df", "--rows", "0:1", "--as", "polars")
    assert code == 0
    assert "shape: (1, 2)" in out
    for words in (["--columns", "c"], ["--rows", "x"], ["--as", "spark"]):
        assert run("load", "frames", "df", *words)[0] == 2


def test_sql_reads_frames_of_versions(lake, run, document, commit):
    import pandas as pd

    commit(lake, "frames", outputs={"df": pd.DataFrame({"a": [1, 2, 3]})})
    commit(lake, "frames", outputs={"df": pd.DataFrame({"a": [2, 3, 4]})})
    query = 'select count(*) as n from "frames:v1/df" join "frames:v2/df" using (a)'
    assert document("sql", query) == [{"n": 2}]
    code, _, err = run("sql", "--into", "df", query)
    assert code == 2
    assert "kernel" in err


def test_checkout_writes_files_into_a_folder_named_for_the_ref(lake, run, here):
    assert run("checkout", "fraud:v2")[0] == 0
    assert (here / "fraud-v2" / "notebook.ipynb").is_file()
    code, _, err = run("checkout", "fraud:v2")
    assert code == 2
    assert "not empty" in err


def test_checkout_takes_names_on_both_sides_of_its_options(lake, run, here):
    for number, words in enumerate([["x", "model", "--to", "{}"], ["--to", "{}", "x", "model"], ["x", "--to", "{}", "model"]]):
        assert run("checkout", "fraud:v2", *(word.format(f"out{number}") for word in words))[0] == 0
        assert len(list((here / f"out{number}").iterdir())) == 2
    assert run("checkout", "--to", "before", "fraud:v2", "x")[0] == 0


def test_a_version_is_tagged_noted_promoted_and_rolled_back(lake, run, document):
    assert run("tag", "fraud:v1", "base", "lr=0.1")[0] == 0
    assert run("tag", "fraud:v1", "--remove", "base")[0] == 0
    assert run("note", "fraud:v1", "it's", "-5", "%", "better")[0] == 0
    assert run("promote", "fraud:v1", "staging", "-m", "try it")[0] == 0
    assert run("rollback", "fraud@production", "--reason", "alarm")[0] == 0
    shown = document("show", "fraud:v1")
    assert shown["tags"] == ["lr=0.1"]
    assert [note["text"] for note in shown["notes"]] == ["it's -5 % better"]
    assert shown["labels"] == ["production", "staging"]
    labels = document("labels")
    assert [move["reason"] for move in labels["history"]] == ["", "", "try it", "alarm"]
    assert {one["label"]: one["ref"] for one in labels["current"]} == {"production": "fraud:v1", "staging": "fraud:v1"}
    assert {one["label"]: one["ref"] for one in document("at", "2030-01-01", "production")["labels"]} == {"production": "fraud:v1"}


def test_init_makes_a_lake_or_says_that_there_is_one(here, document):
    first = document("init", "project")
    assert (here / "project" / ".mvlake" / "lake.toml").is_file()
    assert document("init", "project") == first
    assert first["versions"] == 0
    assert document("init", "--lake", "other")["path"].endswith("other/.mvlake")


@pytest.mark.parametrize("verb", sorted(EVERY.keys() - {"init", "help"}))
def test_where_there_is_no_lake_none_is_made(here, run, verb):
    code, out, err = run(verb, *EVERY[verb])
    assert (code, out) == (2, "")
    assert "mvlake init" in err
    assert list(here.iterdir()) == []


ERRORS = [
    (["show", "frod"], "version-not-found"),
    (["show", "a/b"], "invalid-ref"),
    (["show", "fraud@nowhere"], "label-not-found"),
    (["load", "fraud:v1"], "ambiguous-artifact"),
    (["load", "fraud:v1", "y"], "artifact-not-found"),
    (["load", "fraud:v2", "thing"], "untrusted-artifact"),
    (["at", "yesterday"], "invalid-time"),
    (["sql", "drop table versions"], "invalid-query"),
    (["rollback", "nowhere"], "label-not-found"),
    (["promote", "fraud:v1", "a/b"], "invalid-name"),
    (["tag", "fraud:v1", "a b"], "invalid-name"),
    (["note", "fraud:v1", " "], "invalid"),
    (["log", "-n", "-1"], "invalid"),
    (["log", "-n", "many"], "invalid-verb"),
    (["log", "a", "b"], "invalid-verb"),
    (["show"], "invalid-verb"),
    (["show", "fraud", "--nonsense"], "invalid-verb"),
    (["tag", "fraud"], "invalid-verb"),
    (["shwo"], "invalid-verb"),
    (["replay", "fraud:v1", "--runner", "nobody"], "invalid-verb"),
    (["load", "fraud:v1", "x", "--to", "no/such/folder/x"], "invalid"),
    (["load", "fraud:v1", "x", "--to", "."], "invalid"),
    (["log", "--html", "no/such/folder/x"], "invalid"),
    (["checkout", "fraud:v1", "--to", ".mvlake/lake.toml"], "invalid"),
]


@pytest.mark.parametrize(("words", "code"), ERRORS, ids=lambda part: " ".join(part) if isinstance(part, list) else part)
def test_an_error_is_two_and_says_what_to_do(lake, run, document, words, code):
    found, out, err = run(*words)
    assert found == 2
    assert out == ""
    assert err.startswith("mvlake: ")
    assert "Traceback" not in err
    said = document(*words, code=2)
    assert said.keys() >= {"error", "message", "hint"}
    assert said["error"] == code


def test_an_unknown_verb_suggests_one(run):
    code, _, err = run("comprae", "a", "b")
    assert code == 2
    assert "did you mean compare" in err
    assert "status" in err


@pytest.mark.parametrize("words", [["help"], ["--help"], ["-h"], []])
def test_help_lists_the_verbs(run, words):
    code, out, _ = run(*words)
    assert code == 0
    for verb in VERBS:
        assert re.search(rf"\b{verb.name}\b", out)


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_help_of_a_verb_is_had_three_ways(run, verb):
    said = {run("help", verb), run(verb, "--help"), run(verb, "-h")}
    assert len(said) == 1
    (code, out, _) = said.pop()
    assert code == 0
    assert f"mvlake {verb}" in out
    assert "for example" in out


def test_the_version_is_told(run):
    for word in ("--version", "-V"):
        assert run(word) == (0, f"mvlake {__version__}\n", "")


def test_an_interrupt_is_130(lake, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Lake, "log", interrupted)
    assert main(["log"]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_a_lake_of_a_newer_format_is_an_error(lake, run, here):
    settings = here / ".mvlake" / "lake.toml"
    settings.chmod(0o644)
    settings.write_text(settings.read_text().replace("format = 1", "format = 2"))
    for verb in ("log", "verify"):
        code, _, err = run(verb)
        assert code == 2
        assert "upgrade" in err


def test_a_version_is_forgotten_and_wanted_again(lake, run, document, commit):
    commit(lake, "trial", depth=3)
    assert document("forget", "trial:v1", "-m", "wrong data")["ref"] == "trial:v1"
    assert document("show", "trial:v1")["forgotten"]["reason"] == "wrong data"
    assert "trial:v1" in run("unforget", "trial:v1")[1]
    assert document("show", "trial:v1")["forgotten"] is None
    code, _, err = run("forget", "fraud:v1")
    assert code == 2
    assert "@production" in err


def test_what_is_wrong_is_an_exit_code(lake, run, here):
    assert run("verify", "--data")[0] == 0
    assert run("verify", "--sample", "5%", "--seed", "7")[0] == 0
    assert run("repair")[0] == 0
    pack = next((here / ".mvlake/objects").rglob("*.pack"))
    data = bytearray(pack.read_bytes())
    data[10] ^= 1
    pack.chmod(0o644)
    pack.write_bytes(data)
    assert run("verify", "--data")[0] == 1
    assert run("repair")[0] == 1
    (here / ".mvlake/objects/planted").symlink_to(here)
    assert run("doctor")[0] == 1
    code, out, _ = run("doctor", "--json")  # a table breaks long paths
    assert code == 1
    assert "planted" in out
    code, _, err = run("gc", "--grace", "1h")
    assert code == 2
    assert "--hasty" in err


@pytest.mark.parametrize("words", [["compare", "fraud:v1", "fraud:v2", "--html"], ["log", "--html"]])
def test_a_page_takes_the_place_of_an_older_one_and_of_nothing_else(lake, run, here, words):
    assert run(*words, "report.html")[0] == 0
    (here / "report.html").write_text((here / "report.html").read_text(encoding="utf-8")[:300] + "older", encoding="utf-8")
    assert run(*words, "report.html")[0] == 0
    assert (here / "report.html").read_text(encoding="utf-8").endswith("</html>\n")
    (here / "mine.html").write_text("<!DOCTYPE html>\n<html lang='en'>mine", encoding="utf-8")
    (here / "analysis.ipynb").write_text("{}", encoding="utf-8")
    (here / "link.html").symlink_to(here / "nowhere")
    (here / "empty.html").touch()
    for name in ("mine.html", "analysis.ipynb", "link.html", "."):
        code, _, err = run(*words, name)
        assert code == 2
        assert "is there already, and is no such report" in err
    assert (here / "analysis.ipynb").read_text(encoding="utf-8") == "{}"
    assert run(*words, "empty.html")[0] == 0
    assert run(*words, "no/such/folder.html")[0] == 2
    assert not [path for path in here.rglob("*.part")]


def test_a_frame_as_json_is_its_rows(lake, document, commit):
    import pandas as pd

    commit(lake, "frames", outputs={"df": pd.DataFrame({"a": [1, 2], "t": pd.to_datetime(["2026-03-03", None]), "s": ["x", None]})})
    assert document("load", "frames", "df") == [
        {"a": 1, "t": "2026-03-03T00:00:00", "s": "x"},
        {"a": 2, "t": None, "s": None},
    ]
    assert document("load", "frames", "df", "--columns", "a", "--rows", "1:") == [{"a": 2}]
    assert document("load", "frames", "df", "--columns", "a", "--as", "pandas") == [{"a": 1}, {"a": 2}]
    assert document("load", "frames", "df", "--columns", "none", code=2)["error"] == "artifact-not-found"
    assert document("load", "fraud:v1", "x") == {"a": 1}


def test_the_log_tells_the_message_and_the_newest_note_apart(lake, run, commit):
    lake.note("fraud:v1", "older remark")
    lake.note("fraud:v1", "newest remark")
    lake.note("fraud:v2", "of one without a message")
    _, out, _ = run("log")
    assert "first · note: newest remark" in out
    assert "older remark" not in out
    assert "note: of one without a message" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["verify", "--seed", "7"], "a seed without a sample"),
        (["verify", "--data", "--sample", "5%"], "a sample of all bytes"),
        (["publish", "--catalog", "sqlite://"], "it is in no catalog"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(lake, run, words, said):
    code, _, err = run(*words)
    assert code == 2
    assert said in err
    assert "Hint: " in err


def test_no_line_is_broken_for_a_pipe(lake, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    text = " ".join(["a long remark"] * 30)
    lake.note("fraud:v1", text)
    _, out, _ = run("show", "fraud:v1")
    assert text in out


def test_a_verdict_is_an_exit_code():
    codes = {"drifted": 1, "not comparable": 2, "not run": 2, "failed": 2}
    for verdict in Verdict:
        replayed = Replayed("a", 1, verdict, (), digest_of(b"e"), 1.0, "1")
        assert exit_code(Verdicts("a:v1", replayed)) == codes.get(verdict.value, 0)
