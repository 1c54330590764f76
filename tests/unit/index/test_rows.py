import json
import math
from dataclasses import replace

import pytest

from mvlake.index.columns import arrow_table
from mvlake.index.index import Index
from mvlake.index.tables import EVENTS, TABLES
from mvlake.records.artifact import Artifact, Omission, Role
from mvlake.records.described import Described, LazyKind, Trait
from mvlake.records.environment import Git
from mvlake.records.events import Confirmation, LabelMove, Measured, Move, Note, Replayed, Tag, Verdict, VerdictItem
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.hint import Hint, HintCode
from mvlake.records.lineage import Descent, KnownBy, ParentKind, Portion
from mvlake.records.plain import to_plain
from mvlake.records.randomness import Draw, GeneratorKind, Seed
from mvlake.records.record import Unknown
from mvlake.records.usage import Sample, Usage


def ask(log, shelf, sql):
    return Index(shelf, log).query(sql).rows


def test_a_version_is_one_row_of_versions(log, shelf, new_version):
    log.append(new_version(2, message="deeper", omitted=(Omission("gen", "generator", "is consumed by reading"),)))
    answer = Index(shelf, log).query("from versions")
    row = dict(zip(answer.columns, answer.rows[0], strict=True))
    assert answer.columns == tuple(name for name, _ in TABLES[0].columns)
    assert (row["seq"], row["ref"], row["parent"], row["origin"], row["message"]) == (1, "fraud:v2", 1, "cell", "deeper")
    assert (row["author"], row["host"], row["git_commit"], row["git_branch"], row["git_dirty"]) == (
        "ana",
        "lab",
        "c0ffee",
        "main",
        True,
    )
    assert (row["cells"], row["params"], row["metrics"], row["artifacts"], row["omitted"], row["size"]) == (1, 1, 1, 1, 1, 100)
    assert row["digest"] == log.read(1)[1]
    assert row["created_at"].isoformat() == "2026-03-03T14:00:01+00:00"
    assert row["started_at"].isoformat() == "2026-03-03T13:59:59+00:00"
    assert row["duration"] == 1.5


def test_what_a_version_used_and_where_its_repository_came_from_can_be_asked(log, shelf, new_version):
    used = Usage(3.5, samples=(Sample(0.5, 1.5, 100, 7), Sample(1.0, 0.5, 300)))
    log.append(new_version(1, usage=used, peak_memory=300, git=Git("c0ffee", remote="https://git.example.invalid/a")))
    log.append(new_version(2))
    assert ask(log, shelf, "select ref, elapsed, cpu, memory, children from usage order by elapsed") == (
        ("fraud:v1", 0.5, 1.5, 100, 7),
        ("fraud:v1", 1.0, 0.5, 300, 0),
    )
    assert ask(log, shelf, "select cpu_time, peak_memory, git_remote from versions order by seq") == (
        (3.5, 300, "https://git.example.invalid/a"),
        (None, None, ""),
    )


def test_who_drew_from_what_and_which_seeds_were_set_can_be_asked(log, shelf, new_version):
    draws = (Draw(2, "numpy.random", GeneratorKind.NUMPY_LEGACY, problem="x"), Draw(3, "rng", GeneratorKind.NUMPY, is_seeded=True))
    log.append(new_version(1, draws=draws, seeds=(Seed(1, "numpy.random.default_rng", 7), Seed(2, "random.seed", None))))
    log.append(new_version(2))
    assert ask(log, shelf, "select ref, cell, generator, kind, seeded, state, problem from draws order by cell") == (
        ("fraud:v1", 2, "numpy.random", "numpy-legacy", False, None, "x"),
        ("fraud:v1", 3, "rng", "numpy", True, None, None),
    )
    assert ask(log, shelf, "select cell, call, value_number from seeds order by cell") == (
        (1, "numpy.random.default_rng", 7.0),
        (2, "random.seed", None),
    )


def test_a_lazy_thing_is_a_row_of_described(log, shelf, new_version):
    traits = (Trait("file", "a.bin"), Trait("offset", "0"))
    lazy = Described(Role.INPUT, "m", "numpy.memmap", LazyKind.MAPPED, "m = np.memmap('a.bin')", 2, "", traits)
    log.append(new_version(1, described=(lazy,)))
    assert ask(log, shelf, "select ref, role, variable, type, kind, cell, statement, query, traits from described") == (
        ("fraud:v1", "input", "m", "numpy.memmap", "mapped", 2, "m = np.memmap('a.bin')", "", "file=a.bin, offset=0"),
    )


def test_a_step_of_lineage_is_a_row_of_lineage(log, shelf, new_version):
    step = Descent("train", "df", ParentKind.VARIABLE, KnownBy.CONTENT, Portion.ROWS, "sample", 2, 80, 100)
    log.append(new_version(1, lineage=(step, replace(step, known_by=KnownBy.TEXT, parent="other"))))
    assert ask(log, shelf, "select * exclude (seq, name, number) from lineage order by parent") == (
        ("fraud:v1", "train", "df", "variable", "content", False, "rows", "sample", 2, 80, 100, None),
        ("fraud:v1", "train", "other", "variable", "text", True, "rows", "sample", 2, 80, 100, None),
    )


def test_a_hint_is_a_row_of_hints(log, shelf, new_version):
    log.append(new_version(1, hints=(Hint(HintCode.HIDDEN_STATE, "it rests on In [2]", ("df", "model"), (1,)),)))
    log.append(new_version(2))
    assert ask(log, shelf, "select ref, code, hint, about from hints") == (
        ("fraud:v1", "hidden-state", "it rests on In [2]", "df, model"),
    )


def test_no_repository_and_a_silent_git_are_not_called_clean(log, shelf, new_version):
    log.append(new_version(1, git=None))
    log.append(new_version(2, git=Git(commit="c0ffee", problem="git not found")))
    assert ask(log, shelf, "select git_commit, git_dirty from versions order by seq") == ((None, None), ("c0ffee", None))


@pytest.mark.parametrize(
    ("value", "number"),
    [(0.25, 0.25), (3, 3.0), (2.0, 2.0), (math.inf, math.inf), (-math.inf, -math.inf), (2**60, 2.0**60), (-0.0, 0.0)],
)
def test_a_metric_is_a_double(log, shelf, new_version, value, number):
    log.append(new_version(1, metrics=(Metric("loss", to_plain(value), MetricSource.STATED),)))
    assert ask(log, shelf, "select metric, value from metrics") == (("loss", number),)


def test_nan_stays_nan_and_is_told_from_no_number(log, shelf, new_version):
    metrics = (
        Metric("a", to_plain(math.nan), MetricSource.CURVE, steps=3),
        Metric("b", "high", MetricSource.STATED),
        Metric("c", {"$": "int", "v": "0x" + "f" * 400}, MetricSource.STATED),
    )
    log.append(new_version(1, metrics=metrics))
    rows = ask(log, shelf, "select isnan(value), value is null, steps from metrics order by metric")
    assert rows == ((True, False, 3), (None, True, None), (None, True, None))


@pytest.mark.parametrize(
    ("value", "text", "number"),
    [
        ("adam", "adam", None),
        (True, "True", None),
        (None, "None", None),
        (1, "1", 1.0),
        (1.0, "1.0", 1.0),
        (math.inf, "inf", math.inf),
        (2**70, str(2**70), 2.0**70),
        ((64, 32), "(64, 32)", None),
        ((1,), "(1,)", None),
        ([1, "a"], "[1, 'a']", None),
        ({"b": 1, "a": (2,)}, "{'b': 1, 'a': (2,)}", None),
        (b"x", "b'x'", None),
        ({"x"}, "{'x'}", None),
    ],
)
def test_a_param_is_text_and_where_it_can_be_a_number(log, shelf, new_version, value, text, number):
    log.append(new_version(1, params=(Param("p", to_plain(value), ParamSource.CONFIG),)))
    assert ask(log, shelf, "select param, value_text, value_number, source from params") == (("p", text, number, "config"),)


def test_a_hostile_value_costs_nobody_their_rows(log, shelf, new_version):
    nasty = (
        {"$": "decimal", "v": "twelve"},
        {"$": "fraction", "v": ["0x1", "0x0"]},
        {"$": "datetime", "v": ["2026", 0, "../../etc/passwd"]},
        {"$": "gone", "v": []},
        {"$": "tuple", "v": 3},
        {"$": ["x"], "v": {"$": 1}},
        {"$": "int", "v": "0x" + "f" * 9000},
        {"$": "dict", "v": [1, [2]]},
    )
    log.append(new_version(1, params=tuple(Param(f"p{i}", value, ParamSource.STATED) for i, value in enumerate(nasty))))
    assert ask(log, shelf, "select count(value_text), count(value_number) from params") == ((len(nasty), 0),)


def test_half_a_character_and_a_number_beyond_64_bits_keep_their_row():
    row = [None] * len(EVENTS.columns)
    row[0], row[2], row[3], row[4], row[7] = 7, "note", "\ud800.ipynb", 2**80, "\ud800"
    (found,) = arrow_table(EVENTS, [tuple(row)]).to_pylist()
    assert (found["seq"], found["kind"], found["name"], found["number"], found["detail"]) == (7, "note", "?.ipynb", None, "?")


def test_a_moment_that_is_none_is_null(log, shelf, new_version):
    log.append(new_version(1, started_at="yesterday"), at="0001-01-01T00:00:00+14:00")
    assert ask(log, shelf, "select started_at, created_at from versions") == ((None, None),)


def test_artifacts_join_on_content(log, shelf, new_version, new_log):
    made = new_version(1, "a").artifacts[0]
    as_output = Artifact(Role.OUTPUT, "clean", "pandas", 1, made.digest, made.object, made.size, made.summary)
    log.append(new_version(1, "maker", artifacts=(as_output,)))
    log.append(new_version(1, "reader", artifacts=(made,)))
    sql = """
        select w.ref, r.ref, w.artifact, r.artifact, r.size from artifacts w join artifacts r using (digest)
        where w.role = 'output' and r.role = 'input'
    """
    assert ask(log, shelf, sql) == (("maker:v1", "reader:v1", "clean", "df", 100),)


def test_every_label_move_is_a_row_and_an_event(log, shelf):
    log.append(LabelMove("fraud", "production", None, 3, Move.PROMOTE, "better"))
    log.append(LabelMove("fraud", "production", 3, None, Move.ROLLBACK))
    rows = ask(log, shelf, "select seq, name, label, from_number, to_number, move, reason, author from labels order by seq")
    assert rows == (
        (1, "fraud", "production", None, 3, "promote", "better", "ana"),
        (2, "fraud", "production", 3, None, "rollback", "", "ana"),
    )
    assert ask(log, shelf, "select kind, number from events order by seq") == (("label", 3), ("label", None))


def test_events_carry_their_body_as_json(log, shelf, new_version):
    log.append(Note("fraud", 1, "überfit?"))
    log.append(Tag("fraud", 1, "stage=test"))
    log.append(Confirmation("fraud", 1, "2026-03-03T14:00:00.000000Z", 2.0))
    verdict = Replayed("fraud", 1, Verdict.DRIFTED, (), new_version().environment, 3.0, "0.1")
    log.append(verdict)
    log.append(new_version(2))
    assert ask(log, shelf, "select kind, name, number from events order by seq") == (
        ("note", "fraud", 1),
        ("tag", "fraud", 1),
        ("confirmation", "fraud", 1),
        ("replay", "fraud", 1),
    )
    ((detail,),) = ask(log, shelf, "select detail from events where kind = 'note'")
    assert json.loads(detail) == {"name": "fraud", "number": 1, "text": "überfit?"}
    assert ask(log, shelf, "select ref, detail->>'verdict' from events join versions using (name) where kind = 'replay'") == (
        ("fraud:v2", "drifted"),
    )


def test_a_record_of_a_later_kind_keeps_its_place(log, shelf):
    log.append(Unknown("tombstone"))
    assert ask(log, shelf, "select seq, kind, name, detail from events") == ((1, "tombstone", None, None),)


def test_what_a_replay_measured_is_in_columns(log, shelf, new_version):
    measured = Measured("float32", 1e-4, 1e-12, 3, 10, 0.5, None, 42)
    items = (
        VerdictItem("output", "x", Verdict.DRIFTED, "far off", measured),
        VerdictItem("metric", "auc", Verdict.IDENTICAL, "has the same value"),
    )
    log.append(Replayed("fraud", 1, Verdict.DRIFTED, items, new_version().environment, 3.0, "0.1"))
    asked = "select item, precision, rtol, atol, differing, total, max_abs, max_rel, max_ulp from verdicts order by item desc"
    assert ask(log, shelf, asked) == (("x", "float32", 1e-4, 1e-12, 3, 10, 0.5, None, 42), ("auc", *[None] * 8))
