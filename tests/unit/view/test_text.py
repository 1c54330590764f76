import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mvlake.compare.described import compare_described
from mvlake.compare.diff import CellDiff, Change, ColumnDiff, Line, PackageDiff, ValueDiff
from mvlake.compare.table import compare_many
from mvlake.compare.versions import compare
from mvlake.compare.words import segments_of, words_of
from mvlake.errors import VersionNotFound
from mvlake.records.answers import History, Manual, Table
from mvlake.records.artifact import Role
from mvlake.records.described import Described, LazyKind, Trait
from mvlake.records.digest import Digest
from mvlake.records.facts import Param, ParamSource
from mvlake.records.hint import Hint, HintCode
from mvlake.records.lineage import Descent, KnownBy, ParentKind, Portion
from mvlake.records.randomness import Draw, GeneratorKind, Seed
from mvlake.records.usage import Sample, Usage
from mvlake.view.blocks import Listing, Row
from mvlake.view.text import as_text, blocks_text

NOW = datetime(2026, 3, 5, tzinfo=UTC)
HOSTILE = "\x1b]0;pwned\x07\x1b[2J[red]x[/red] \u202e\x00\x9b5n\ud800\r\n:smile:"

COMPARISON = """\
fraud-detector:v2 → v3
3 parameters, 4 metrics, 2 data sets, 1 model, 3 cells, 1 figure, 1 output, 1 file, 2 packages
differ
v2  baseline · 2026-03-02 14:00 UTC · ana@lab · 10.1 s
v3  deeper trees · 2026-03-03 14:00 UTC · ana@lab · 12.4 s

Parameters  3 of 15 differ
  name       v2    v3
  max_depth  4     6
  criterion  gini  entropy
  seed       {dash}     7
  … 12 unchanged

Metrics  4 of 5 differ
  name              v2      v3          change
  auc            0.898   0.912  +0.014 (+1.6%)  ▲ better
  log_loss        0.31   0.334  +0.024 (+7.7%)  ▼ worse
  rows_flagged  12,040  11,892    {minus}148 ({minus}1.2%)
  brier              {dash}   0.081                  added
  … 1 unchanged
""".replace("{dash}", "\N{EN DASH}").replace("{minus}", "\N{MINUS SIGN}")

CODE = """\
Code  3 of 4 differ
  cell 2
    ⋯ 9 unchanged lines
      features += [make_feature(9)]
      features += [make_feature(10)]
      features += [make_feature(11)]
    - X_train = df.drop(columns=['label'])
    + X_train = df.drop(columns=['label', 'zip'])
      y_train = df['label']
  cell 3, added
    + seed = 7
    + np.random.seed(seed)
  cell 3 → 4, tracked
    - model = RandomForestClassifier(max_depth=4)
    + model = RandomForestClassifier(max_depth=6)
      model.fit(X_train, y_train)
  … 1 cell unchanged
"""

LOG = """\
version            when (UTC)                    auc  log_loss  what              checks
fraud-detector:v3  2026-03-03 14:00 (1 d ago)  0.912       NaN  deeper trees ·
"""


def test_a_comparison_begins_with_what_matters(make):
    assert as_text(make.diff()).startswith(COMPARISON)


def test_a_comparison_shows_code_as_a_unified_diff(make):
    assert CODE in as_text(make.diff())


def test_a_log_is_a_table_newest_first(make):
    text = as_text(make.answers()["History"], now=NOW)
    assert text.startswith(LOG)
    assert text.index(":v3") < text.index(":v2") < text.index(":v1")
    assert "@production" in text
    assert "✓ identical" in text
    assert "max_depth 4 →" in text
    assert "ValueError: Input X contains NaN." in text


def test_a_log_of_nothing_says_how_to_begin():
    assert "%%track" in as_text(History(()))


def test_the_help_of_a_verb_says_everything_once():
    text = as_text(
        Manual((("log", "mvlake log [NAME]", "list versions"),), "mvlake log [NAME]\n\n  list versions\n\n  NAME  a name")
    )
    assert [text.count(said) for said in ("mvlake log [NAME]", "list versions", "NAME  a name")] == [1, 1, 1]
    assert "list versions" in as_text(Manual((("log", "mvlake log [NAME]", "list versions"),)))


def test_an_error_is_its_message_and_its_hint():
    assert (
        as_text(VersionNotFound("fraud:v9", existing=["fraud:v1"])) == 'no version "fraud:v9" in this lake\nHint: there is fraud:v1'
    )


def test_a_version_is_shown_whole(make):
    text = as_text(make.answers()["Shown"])
    for part in (
        "fraud-detector:v3",
        "roc_auc_score",
        "(64, 32)",
        "10,500 rows",
        "840 KB",
        "model.fit(X_train, y_train)",
        "done",
        "reading it would consume it",
    ):
        assert part in text
    assert "try without age" in text
    assert "computed, a guess" in text


def test_what_drew_is_shown_generator_by_generator(make):
    draws = (
        Draw(1, "numpy.random", GeneratorKind.NUMPY_LEGACY, is_seeded=True, problem="its state could not be read"),
        Draw(2, "rng", GeneratorKind.NUMPY, Digest("b3:" + "0d" * 32)),
        Draw(4, "rng", GeneratorKind.NUMPY, Digest("b3:" + "0e" * 32)),
    )
    seeds = (Seed(1, "numpy.random.seed", 7), Seed(1, "random.seed", None))
    answer = make.answers()["Shown"]
    entry = replace(answer.entry, version=replace(answer.entry.version, draws=draws, seeds=seeds))
    text = as_text(replace(answer, entry=entry))
    assert re.search(r"numpy.random +cell 1 +seeded +its state could not be read", text)
    assert re.search(r"rng +cells 2, 4 +unseeded +kept", text)
    assert re.search(r"numpy.random.seed +7 +cell 1", text)
    assert re.search(r"random.seed +computed +cell 1", text)
    assert "Randomness" not in as_text(answer)
    assert re.search(r"numpy.random +unseeded, cell 2 +seeded, cells 2, 3", as_text(make.diff()))


def test_all_hints_are_shown_and_compared(make):
    hints = (Hint(HintCode.HIDDEN_STATE, "it rests on In [2]", cells=(1, 3)), Hint(HintCode.TIME_DEPENDENT, "df reads the clock"))
    answer = make.answers()["Shown"]
    entry = replace(answer.entry, version=replace(answer.entry.version, hints=hints))
    text = as_text(replace(answer, entry=entry))
    assert re.search(r"hidden-state +it rests on In \[2\] +cells 1, 3", text)
    assert re.search(r"time-dependent +df reads the clock", text)
    assert "Hints" not in as_text(answer)
    assert re.search(r"hidden-state +\S +it rests on In \[2\]", as_text(make.diff()))


def used(make, samples, **more):
    answer = make.answers()["Shown"]
    version = replace(answer.entry.version, peak_memory=840_000_000, usage=Usage(6.5, samples=samples, **more))
    dossier = replace(answer.dossier, version=version)
    return replace(answer, entry=replace(answer.entry, version=version), dossier=dossier)


def test_what_was_used_over_time_is_a_small_picture(make):
    samples = (Sample(0.5, 0.0, 0), Sample(1.0, 2.0, 400_000_000, 30_000_000), Sample(1.6, 1.0, 800_000_000))
    text = as_text(used(make, samples))
    assert "840 MB of memory at its peak that was seen" in text
    assert "6.5 s of processor" in text
    assert re.search(r"Usage\s.*3 samples in 1.6 s", text)
    assert re.search(r"processors +▁█▅ +at most 2 busy", text)
    assert re.search(r"memory +▁▅█ +at most 800 MB", text)
    assert re.search(r"child processes +▁█▁ +at most 30 MB", text)


def test_a_short_cell_says_what_it_took_in_all_and_no_course(make):
    text = as_text(used(make, (), is_peak_exact=True))
    assert "6.5 s of processor" in text
    assert "at its peak\n" in re.sub(r" · from a.*", "", text)
    assert "Usage" not in text


def test_numbers_that_no_machine_has_are_shown_all_the_same(make):
    samples = tuple(Sample(at, cpu, memory) for at, cpu, memory in ((-1.0, -1e308, -5), (1e300, 1e308, 2**53), (0.0, 0.0, 0)))
    assert "Usage" in as_text(used(make, samples))


def test_a_comparison_says_what_each_side_took(make):
    sides = [replace(used(make, ()).dossier, version=used(make, ()).entry.version)] * 2
    assert as_text(compare(*sides), width=200).count("6.5 s of processor") == 2


def test_lazy_things_are_shown_with_their_statements_and_compared(make):
    mapped = Described(
        Role.INPUT, "m", "numpy.memmap", LazyKind.MAPPED, "m = np.memmap(\n    'a.bin')", 2, traits=(Trait("offset", "40"),)
    )
    plan = Described(Role.OUTPUT, "rel", "duckdb.DuckDBPyRelation", LazyKind.PLAN, "rel = con.sql(q)", 1, "select\n 1")
    version = replace(make.answers()["Shown"].entry.version, described=(mapped, plan))
    answer = make.answers()["Shown"]
    text = as_text(replace(answer, entry=replace(answer.entry, version=version)))
    assert re.search(r"m +input +mapped numpy.memmap · offset 40 +m = np.memmap\( 'a.bin'\) · cell 2", text)
    assert re.search(r"rel +output +plan duckdb.DuckDBPyRelation +rel = con.sql\(q\) · query select 1 · cell 1", text)
    assert "Described" not in as_text(answer)
    others = replace(version, described=(replace(plan, source="rel = con.sql('select 2')", sql="select 2"),))
    differing = compare_described(version, others)
    assert [(one.name, one.change) for one in differing] == [("input m", Change.REMOVED), ("output rel", Change.CHANGED)]
    assert re.search(
        r"output rel +rel = con.sql\(q\); select.*1 +rel = con.sql", as_text(replace(make.diff(), described=differing))
    )


def test_no_differences_are_said(make):
    empty = replace(make.diff(), is_empty=True)
    assert "no differences" in as_text(empty)


def test_versions_of_packages_are_not_quoted_like_numbers(make):
    diff = make.diff()
    python = ValueDiff("python", Change.CHANGED, "3.12", "3.13")
    text = as_text(replace(diff, environment=replace(diff.environment, facts=(python,), packages=())))
    assert "  python      3.12        3.13\n" in text


def test_of_packages_those_that_cells_import_come_first_and_those_that_nobody_needs_are_folded(make):
    diff = make.diff()
    packages = (
        PackageDiff("numpy", Change.CHANGED, "2.2", "2.3", is_needed=True),
        PackageDiff("pandas", Change.CHANGED, "2.9", "3.0", is_imported=True),
        PackageDiff("shap", Change.ADDED, "", "0.48"),
    )
    facts = (ValueDiff("processor", Change.CHANGED, "EPYC", "Xeon"), ValueDiff("python", Change.CHANGED, "3.12", "3.13"))
    environment = replace(diff.environment, facts=facts, packages=packages)
    text = as_text(replace(diff, environment=environment))
    places = [text.index(f"\n  {name} ") for name in ("python", "pandas", "numpy", "processor", "git commit")]
    assert places == sorted(places)
    assert "numpy       2.2         2.3         needed by what is imported" in text
    assert "… 1 package differs that no cell needs" in text
    assert "0.48" not in text
    unknown = replace(environment, packages=tuple(replace(one, is_imported=False, is_needed=False) for one in packages))
    assert "0.48" in as_text(replace(diff, environment=unknown))


def test_what_both_sides_have_comes_before_what_one_has_and_new_hints_before_all(make):
    values = [
        ValueDiff(name, change, "x", "y")
        for name, change in zip("abc", (Change.REMOVED, Change.ADDED, Change.CHANGED), strict=True)
    ]
    files = (ValueDiff("written out.csv", Change.CHANGED, "x", "y"), ValueDiff("read in.csv", Change.ADDED, None, "y"))
    diff = replace(
        make.diff(), lineage=tuple(values), hints=tuple(replace(one, name=f"hint-{one.name}") for one in values), files=files
    )
    text = as_text(diff)
    for names in ((" c ", " b ", " a "), ("hint-b", "hint-c", "hint-a"), ("read in.csv", "written out.csv")):
        places = [text.rindex(f"\n {name}" if name[0] == " " else name) for name in names]
        assert places == sorted(places), names


def test_the_real_comparison_of_real_dossiers_reads_well(make):
    version = make.version(2)
    version = replace(version, cells=(replace(version.cells[0], source=make.digest(30)), version.cells[1]))
    before = make.dossier(version)
    environment = replace(before.environment, packages={"numpy": "2.2"})
    before = replace(before, sources=("max_depth = 4", *before.sources[1:]), environment=environment)
    text = as_text(compare(before, make.dossier(make.version(3))))
    for line in (
        "  max_depth  4   6",
        "  auc   0.898  0.912  +0.014 (+1.6%)  ▲ better",
        "    - max_depth = 4",
        "    + max_depth = 6",
    ):
        assert line in text
    assert "  numpy   2.2  2.3.1" in text


def test_several_versions_have_a_column_each_and_are_told_apart_by_as_many_digits_as_it_takes(make):
    version = make.version(2)
    made = []
    for value in (0.5, 0.75, 0.7500000001):
        metrics = tuple(replace(one, value=value) if one.name == "auc" else one for one in version.metrics)
        made.append(make.dossier(replace(version, metrics=metrics)))
    text = as_text(compare_many(made), width=120)
    assert "differ: 1 in metrics" in text
    assert re.search(r"name +v2 +v2 +v2\n", text)
    assert re.search(r"auc higher is better +0.5 +0.75 +0.7500000001 ★ best\n", text)
    assert "max_depth" not in text  # equal, and folded


def test_more_versions_than_a_screen_holds_are_another_table_below(make):
    versions = [replace(make.version(2), number=number) for number in range(1, 11)]
    made = [make.dossier(replace(one, params=(Param("k", one.number, ParamSource.STATED),))) for one in versions]
    text = as_text(compare_many(made))
    assert re.search(r"name +v1 .* v8\n", text)
    assert re.search(r"name +v9 +v10\n", text)


def test_what_is_no_answer_is_refused():
    with pytest.raises(TypeError, match="not an answer: object"):
        as_text(object())


def test_relative_times_need_to_be_told_the_time(make):
    assert "ago" not in as_text(make.answers()["History"])


def test_color_is_only_there_when_asked_for(make):
    assert "\x1b[" in as_text(make.diff(), color=True)
    assert "\x1b" not in as_text(make.diff(), color=False)


def test_the_environment_variables_of_a_terminal_change_nothing(make, monkeypatch):
    before = as_text(make.diff())
    for name, value in {"COLUMNS": "40", "FORCE_COLOR": "1", "TERM": "dumb", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    assert as_text(make.diff()) == before


@pytest.mark.parametrize("width", [24, 40, 80, 100, 160])
@pytest.mark.parametrize("kind", ["History", "Shown", "Diff", "Verdicts", "Labels", "Findings", "Status", "Table", "Manual"])
def test_no_line_is_wider_than_asked(make, width, kind):
    from rich.cells import cell_len

    text = as_text(make.answers()[kind], width=width, now=NOW)
    assert max(cell_len(line) for line in text.splitlines()) <= width


def test_wide_characters_respect_the_width_too(make):
    from rich.cells import cell_len

    text = as_text(make.poisoned(make.answers()["Shown"], "模型" * 40), width=60)
    assert max(cell_len(line) for line in text.splitlines()) <= 60


@pytest.mark.parametrize("color", [False, True])
def test_hostile_text_in_every_field_reaches_no_terminal(make, color):
    for answer in make.answers().values():
        if isinstance(answer, Exception):
            continue
        text = as_text(make.poisoned(answer, HOSTILE), color=color, now=NOW)
        for forbidden in ("\x1b]", "\x1b[2J", "\x00", "\u202e", "\x9b", "\x07", "\r", "\ud800", "😄"):
            assert forbidden not in text
        text.encode("utf-8")


def test_markup_of_rich_is_text(make):
    assert "[red]x[/red]" in as_text(make.poisoned(make.answers()["Done"], HOSTILE))


def test_a_hostile_error_is_text():
    text = as_text(VersionNotFound(HOSTILE, wanted=HOSTILE))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_megabyte_in_every_field_stays_small(make):
    for answer in make.answers().values():
        if not isinstance(answer, Exception):
            assert len(as_text(make.poisoned(answer, "x" * 1_000_000))) < 200_000


def test_a_thousand_parameters_are_clipped_and_counted(make):
    params = tuple(ValueDiff(f"p{number}", Change.CHANGED, number, number + 1) for number in range(1000))
    text = as_text(replace(make.diff(), params=params))
    assert "… and 950 more" in text
    assert "all 1,000 differ" in text


def test_five_thousand_columns_are_clipped_and_counted(make):
    columns = tuple(ColumnDiff(f"c{number}", Change.CHANGED, "int64", "float64") for number in range(5000))
    frame = replace(make.diff().data[0], columns=columns)
    assert "and 4,988 more" in " ".join(as_text(replace(make.diff(), data=(frame,))).split())


def test_a_thousand_rewritten_cells_are_clipped_and_counted(make):
    lines = tuple(Line("-+"[number % 2], "x" * 1000) for number in range(2000))
    cells = tuple(CellDiff(Change.CHANGED, number, number, False, lines) for number in range(1, 1001))
    text = as_text(replace(make.diff(), code=cells))
    assert "… and 996 more cells" in text
    assert "⋯ 1,700 more lines" in text
    assert len(text) < 500_000


def test_a_query_shows_its_first_rows_and_counts_all():
    text = as_text(Table(("n",), tuple((number,) for number in range(1000))))
    assert "… and 800 more" in text
    assert "1,000 rows" in text


def test_this_module_does_without_rich_until_it_is_used():
    script = (
        "import sys, mvlake.view.text, mvlake.view.html, mvlake.view.card, mvlake.view.document; sys.exit('rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_history_says_when_older_versions_are_left_out(make):
    history = make.answers()["History"]
    assert "--limit 0" not in as_text(history)
    assert "--limit 0" in as_text(History(history.entries, is_cut=True))


def test_lineage_is_a_line_for_each_way_to_where_data_began(make):
    def step(child, parent, kind=ParentKind.VARIABLE, known_by=KnownBy.TEXT, **more):
        return Descent(child, parent, kind, known_by, more.pop("portion", Portion.UNKNOWN), **more)

    answer = make.answers()["Shown"]
    steps = (
        step("joined", "left", function="pd.merge", rows=30, parent_rows=20),
        step("joined", "right", function="pd.merge", rows=20, parent_rows=20),
        step("left", "a.csv", ParentKind.FILE, KnownBy.OPENED, function="pd.read_csv", digest=Digest("b3:" + "0d" * 32)),
        step("round", "trip"),
        step("trip", "round"),
        step("alone", "alone2", known_by=KnownBy.CONTENT, portion=Portion.ALL),
    )

    def shown(steps):
        return as_text(replace(answer, entry=replace(answer.entry, version=replace(answer.entry.version, lineage=steps))))

    text = shown(steps)
    assert "joined ← left (30 rows from 20: merge, a guess) ← a.csv (read_csv, 0d0d0d0d)" in text
    assert "joined ← right (as many rows: merge, a guess)" in text
    assert "alone ← alone2 (the same)" in text
    assert "round ← trip" in shown(steps[3:5])
    wide = tuple(step(f"n{n}", f"n{n + 1 + k}") for n in range(60) for k in (0, 1))
    assert shown(wide).partition("Lineage")[2].partition("\n\n")[0].count("\n  n0 ←") <= 100
    assert "Lineage" not in as_text(answer)


def changed(before, after):
    a, b = segments_of(words_of(before), words_of(after))
    return [Listing((), (Row("-", before, a), Row("+", after, b)), is_diff=True)]


def test_words_that_changed_are_pointed_at_where_there_is_no_color():
    text = blocks_text(changed("漢 = f(depth=4)", "漢 = f(depth=16, x)"))
    assert text.split("\n") == [
        "  - 漢 = f(depth=4)",
        "                 ^",
        "  + 漢 = f(depth=16, x)",
        "                 ^^^^^",
    ]


def test_words_that_changed_are_reversed_where_there_is_color():
    text = blocks_text(changed("f(4)", "f(6)"), color=True)
    assert "^" not in text
    assert text.count("\x1b[7;3") == 2


def test_no_caret_leaves_the_page():
    text = blocks_text(changed("f(4)" + "x" * 80, "f(6)" + "x" * 80), width=40)
    assert "^" not in text
    assert max(map(len, text.split("\n"))) <= 40
