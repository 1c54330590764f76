import pytest
from steps import steps

from mvlake.compare.data import compare_data
from mvlake.compare.diff import Change
from mvlake.records.summary import ArraySummary, Column, FigureSummary, FrameSummary, OpaqueSummary, ValueSummary


def rows(build, a, b):
    return compare_data(build.dossier("x", artifacts=a), build.dossier("x", artifacts=b))[0]


def frames(build, a, b, **both):
    return rows(build, [build.frame("output", "df", a, **both)], [build.frame("output", "df", b, **both)])[0]


X, Y, Z = ("x", "int64", 1), ("y", "int64", 2), ("z", "int64", 3)


def test_a_frame_tells_what_happened_to_each_column(build):
    told = frames(build, [X, Y, Z], [X, ("y", "int64", 9), ("new", "object", 4)])
    assert told.change is Change.CHANGED
    assert [(one.name, one.change) for one in told.columns] == [
        ("x", "unchanged"),
        ("y", "changed"),
        ("z", "removed"),
        ("new", "added"),
    ]


def test_rows_are_counted_on_both_sides(build):
    told = rows(build, [build.frame("input", "df", [X], rows=1)], [build.frame("input", "df", [Y], rows=5_000_000)])[0]
    assert (told.a_rows, told.b_rows, told.a_size, told.b_size) == (1, 5_000_000, "1 row", "5,000,000 rows")


def test_a_column_of_another_dtype_has_changed(build):
    told = frames(build, [X], [("x", "float64", 1)]).columns[0]
    assert (told.change, told.a_dtype, told.b_dtype) == (Change.CHANGED, "int64", "float64")


def test_an_inserted_column_moves_no_other(build):
    assert not any(one.is_moved for one in frames(build, [X, Y], [Z, X, Y]).columns)


def test_the_column_that_went_to_the_front_is_the_one_that_moved(build):
    assert [one.name for one in frames(build, [X, Y, Z], [Z, X, Y]).columns if one.is_moved] == ["z"]


def test_a_renamed_column_is_known_by_its_content(build):
    told = frames(build, [X, Y], [X, ("cost", "int64", 2)])
    assert [one.change for one in told.columns] == ["unchanged", "removed", "added"]
    assert told.note == "cost has the content of y"


def test_columns_of_one_name_are_matched_by_content_first(build):
    first, second = ("x", "int64", 1), ("x", "int64", 2)
    told = frames(build, [first, second], [second, first])
    assert [(one.change, one.is_moved) for one in told.columns] == [("unchanged", True), ("unchanged", True)]
    assert told.note == "several columns are called x"
    told = frames(build, [first, second], [second])
    assert sorted(one.change for one in told.columns) == ["removed", "unchanged"]


def test_another_index_is_told_apart_from_the_columns(build):
    a = [build.frame("output", "df", [X], index=[("id", "int64", 1)])]
    b = [build.frame("output", "df", [X], index=[("id", "int64", 2)])]
    told = rows(build, a, b)[0]
    assert (told.columns[0].change, told.index[0].change, told.note) == ("unchanged", "changed", "the index differs")


def test_one_name_as_input_and_as_output_is_two_rows(build):
    told = rows(build, [build.frame("input", "df", [X])], [build.frame("input", "df", [X]), build.frame("output", "df", [Y])])
    assert [(one.role, one.change) for one in told] == [("input", "unchanged"), ("output", "added")]


def test_a_renamed_frame_is_known_by_its_content(build):
    told = rows(build, [build.frame("input", "df", [X])], [build.frame("input", "train", [X])])
    assert {one.name: (one.change, one.note) for one in told} == {
        "df": ("removed", "its content is called train now"),
        "train": ("added", "has the content that df had"),
    }


def test_a_frame_of_another_library_says_so(build):
    a = [build.frame("input", "df", [X])]
    b = [build.frame("input", "df", [X], kind="polars.DataFrame", rows=4)]
    assert "pandas.DataFrame became polars.DataFrame" in rows(build, a, b)[0].note


@pytest.mark.parametrize(
    ("summary", "kind", "size", "text"),
    [
        (
            ArraySummary("numpy.ndarray", "float32", (1000, 3), 0.0, 1.5, 0.25),
            "array",
            "1,000 \u00d7 3 float32",
            "0 to 1.5, mean 0.25",
        ),
        (ArraySummary("numpy.ndarray", "float64", ()), "array", "scalar float64", ""),
        (ValueSummary("list", "[1, 2, 3]", 3), "value", "list of 3", "[1, 2, 3]"),
        (ValueSummary("int", "5"), "value", "int", "5"),
        (OpaqueSummary("Odd", "it has no handler"), "opaque", "Odd", "it has no handler"),
        (FigureSummary("Figure", "image/png", 640, 480), "figure", "640 \u00d7 480", ""),
    ],
)
def test_each_kind_of_data_has_a_size_and_a_text(build, summary, kind, size, text):
    told = rows(build, [], [build.piece("output", "it", summary)])[0]
    assert (told.kind, told.a_size, told.b_size, told.b_text) == (kind, "", size, text)


def test_pickles_that_differ_claim_nothing_of_their_content(build):
    told = rows(
        build,
        [build.piece("output", "it", OpaqueSummary("Odd", "no handler"), 1, handler="opaque")],
        [build.piece("output", "it", OpaqueSummary("Odd", "no handler"), 2, handler="opaque")],
    )[0]
    assert (told.change, told.note) == (Change.CHANGED, "the pickles differ; whether their content does is not known")


def test_equal_pickles_need_no_remark(build):
    pieces = [build.piece("output", "it", OpaqueSummary("Odd", "no handler"), 1, handler="opaque")]
    assert (rows(build, pieces, pieces)[0].change, rows(build, pieces, pieces)[0].note) == (Change.UNCHANGED, "")


def test_a_dtype_of_another_name_is_a_change_even_of_equal_content(build):
    def with_dtype(dtype):
        summary = FrameSummary("pandas.DataFrame", 3, (Column("x", dtype, build.digest("same"), 0),))
        return [build.piece("output", "df", summary, dtype)]

    assert rows(build, with_dtype("object"), with_dtype("str"))[0].columns[0].change is Change.CHANGED


def test_a_summary_that_cannot_be_read_is_reported_and_compared_by_digest(build):
    artifact, _ = build.frame("input", "df", [X])
    told, problems = compare_data(
        build.dossier("x", artifacts=[(artifact, None)]), build.dossier("x", artifacts=[(artifact, None)])
    )
    assert (told[0].change, told[0].kind, told[0].columns) == (Change.UNCHANGED, "unknown", ())
    assert problems[0] == "the summary of input df of fraud:v1 could not be read"


def test_comparing_columns_is_work_for_their_number_and_not_for_its_square(build):
    counts = []
    for many in (1000, 4000):
        columns = [(f"c{place}", "int64", place % 7) for place in range(many)]
        told, count = steps(frames, build, columns, columns[::-1])
        assert len(told.columns) == many
        counts.append(count)
    assert counts[1] < 5 * counts[0]
