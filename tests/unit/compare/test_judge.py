import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.compare.judge import judge
from mvlake.errors import MissingLibrary
from mvlake.handlers.plain import handler
from mvlake.records.closeness import Closeness, Gap
from mvlake.records.events import Verdict
from mvlake.records.facts import Metric, MetricSource
from mvlake.records.summary import ArraySummary, FigureSummary, OpaqueSummary, ValueSummary
from mvlake.records.tolerance import ToleranceRule, Tolerances

IDENTICAL, EQUIVALENT, NUMERIC, STATISTICAL, DRIFTED, NOT_COMPARABLE, NOT_RUN, FAILED = Verdict


def never(a, b, negligible):
    raise AssertionError(f"{a.name} need not be measured")


def measured(precision="float64", **facts):
    return said(Closeness(total=10, gaps=(Gap(precision, 1, **facts),)))


def said(closeness):
    return lambda _, __, ___: closeness


def by_precision(**tolerances):
    return Tolerances((ToleranceRule(by_precision=tolerances),))


def one_item(a, b, closeness=never, tolerances=None):
    verdict, items = judge(a, b, closeness, tolerances)
    assert len(items) == 1
    assert items[0].verdict is verdict
    return items[0]


def array(build, content, name="scores", role="output"):
    return build.piece(role, name, ArraySummary("numpy.ndarray", "float64", (10,)), content, handler="numpy")


def pickled(build, content, kind="Net"):
    return build.piece("model", "net", OpaqueSummary(kind, "no handler"), content, handler="opaque")


def arrays(build, closeness, tolerances=None):
    a, b = build.dossier("x", artifacts=[array(build, 1)]), build.dossier("x", artifacts=[array(build, 2)])
    return one_item(a, b, closeness, tolerances)


def metrics(build, a, b, tolerances=None):
    return one_item(build.dossier("x", metrics={"m": a}), build.dossier("x", metrics={"m": b}), tolerances=tolerances)


def printed(build, a, b):
    return one_item(build.dossier("x", streams={"stdout": a}), build.dossier("x", streams={"stdout": b}))


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_version_reproduces_itself_without_a_look_at_its_content(data, some_dossier):
    a = data.draw(some_dossier)
    verdict, items = judge(a, a, never)
    assert verdict is IDENTICAL
    assert {item.verdict for item in items} == {IDENTICAL}


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_every_recorded_thing_is_one_item_and_the_worst_that_can_be_compared_decides(data, some_dossier):
    a, b = data.draw(some_dossier), data.draw(some_dossier)
    verdict, items = judge(a, b, measured(max_abs=1.0, max_rel=1.0))
    deciding = [item for item in items if item.verdict is not NOT_COMPARABLE] or items
    assert verdict is max((item.verdict for item in deciding), key=lambda one: one.severity)
    recorded = [(x.role.value, x.name) for x in a.version.artifacts if x.role not in ("input", "series")]
    recorded += [("metric", x.name) for x in a.version.metrics]
    told = [(item.kind, item.name) for item in items]
    assert all(told.count(one) >= recorded.count(one) for one in recorded)


def test_inputs_are_not_judged(build):
    a, b = (build.dossier("x", artifacts=[array(build, content, role="input")]) for content in (1, 2))
    assert one_item(a, b).kind == "cell"


PRECISIONS = {
    "float64": 1e-9,
    "float32": 1e-4,
    "float16": 1e-2,
    "bfloat16": 1e-2,
    "complex64": 1e-4,
    "complex128": 1e-9,
    "odd": 1e-9,
}


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_ladder_of_relative_differences_turns_exactly_at_the_tolerance(build, precision):
    bound = PRECISIONS[precision]
    ladder = [2.0**-52, 1e-12, 1e-9, 1e-6, 1e-4, 1e-3, 1e-2, 1.0, math.inf, math.nan]
    for step in [*ladder, math.nextafter(bound, 0), math.nextafter(bound, 1)]:
        item = arrays(build, measured(max_abs=1.0, max_rel=step, precision=precision))
        assert item.verdict is (NUMERIC if step <= bound else DRIFTED)


def test_about_zero_the_absolute_tolerance_turns_exactly(build):
    for off, verdict in [(1e-12, NUMERIC), (math.nextafter(1e-12, 1), DRIFTED), (5e-324, NUMERIC)]:
        assert arrays(build, measured(max_abs=off, max_rel=math.inf)).verdict is verdict


@pytest.mark.parametrize("a", [1.0, -3.7, 1e300, 0.0125, 123456.789])
def test_a_metric_may_be_off_by_its_noise_and_no_more(build, a):
    assert metrics(build, a, a).verdict is IDENTICAL
    assert metrics(build, a, math.nextafter(a, math.inf)).verdict is NUMERIC
    for step in (1e-12, 1e-10, 0.99e-9):
        assert metrics(build, a, a * (1 + step)).verdict is NUMERIC
    for step in (1.01e-9, 1e-6, 1e-3):
        assert metrics(build, a, a * (1 + step)).verdict is DRIFTED


def test_a_metric_at_the_very_bound_is_numeric(build):
    tolerance = by_precision(float64=2.0**-30)
    assert metrics(build, 1.0, 1.0 + 2.0**-30, tolerance).verdict is NUMERIC
    assert metrics(build, 1.0, 1.0 + 2.0**-30 + 2.0**-52, tolerance).verdict is DRIFTED


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        (math.nan, math.nan, IDENTICAL),
        (math.inf, math.inf, IDENTICAL),
        (math.nan, 1.0, DRIFTED),
        (math.inf, -math.inf, DRIFTED),
        (math.inf, 1e308, DRIFTED),
        (0.0, -0.0, EQUIVALENT),
        (0.0, 5e-324, NUMERIC),
        (0.0, 1e-11, DRIFTED),
        (1, 1.0, EQUIVALENT),
        (10**12, 10**12 + 1, DRIFTED),
        (10**12, float(10**12 + 1), NUMERIC),
        (10**400, 10**400 + 1, DRIFTED),
        (10**400, 1.0, DRIFTED),
        (1, True, DRIFTED),
        ("good", "bad", DRIFTED),
        (None, 0, DRIFTED),
    ],
)
def test_a_metric_of_any_value_is_judged(build, a, b, verdict):
    assert metrics(build, a, b).verdict is verdict


def test_the_reason_tells_how_far_and_how_far_is_allowed(build):
    item = arrays(build, measured(max_abs=2e-6, max_rel=5e-6, precision="float32"))
    assert item.reason == "1 of 10 numbers differ, by at most 2e-06 (relative 5e-06): within 0.0001 for float32"
    assert metrics(build, 2.0, 3.0).reason == "is off by 1 (relative 0.5): beyond 1e-09 for float64"
    assert metrics(build, 0.0, 1e-13).reason == "is off by 1e-13 (relative 0): within 1e-12, which is nothing"


def test_each_precision_has_its_own_tolerance_to_set(build):
    coarse = measured(max_abs=1.0, max_rel=0.5, precision="float32")
    assert arrays(build, coarse, by_precision(float32=0.5)).verdict is NUMERIC
    assert arrays(build, coarse, by_precision(float64=0.5)).verdict is DRIFTED
    assert arrays(build, measured(max_abs=0.1, max_rel=1.0), by_precision(atol=0.1)).verdict is NUMERIC


def test_equal_numbers_under_another_digest_are_equivalent(build):
    assert arrays(build, said(Closeness(total=10))).verdict is EQUIVALENT


def test_objects_without_a_distance_have_drifted_because(build):
    item = arrays(build, said(Closeness(reason="10 rows became 11")))
    assert (item.verdict, item.reason) == (DRIFTED, "10 rows became 11")


def test_objects_that_cannot_be_measured_here_have_drifted_and_decide(build):
    def missing(_, __, ___):
        raise MissingLibrary("torch", library="torch")

    item = arrays(build, missing)
    assert item.verdict is DRIFTED
    assert "needs torch" in item.reason


def closed(*_):
    return Closeness(reason="nobody opens it", is_closed=True)


def test_pickles_that_differ_are_never_called_reproduced(build):
    a, b = (build.dossier("x", artifacts=[pickled(build, n)]) for n in (1, 2))
    item = one_item(a, b, closed)
    assert item.verdict is NOT_COMPARABLE
    assert item.reason == "the pickles differ, and nobody opens them to tell whether their content does"


def test_pickles_that_say_the_same_are_the_same(build):
    a, b = (build.dossier("x", artifacts=[pickled(build, n)]) for n in (1, 2))
    assert one_item(a, b, lambda *_: Closeness(note="the same")).verdict is IDENTICAL


@pytest.mark.parametrize(("auc", "verdict"), [(0.5, IDENTICAL), (0.5 + 1e-13, NUMERIC), (0.6, DRIFTED)])
def test_pickles_that_differ_leave_the_verdict_to_what_can_be_compared(build, auc, verdict):
    a, b = (build.dossier("x", artifacts=[pickled(build, n)], metrics={"auc": found}) for n, found in ((1, 0.5), (2, auc)))
    found, items = judge(a, b, closed)
    assert found is verdict
    assert [item.verdict for item in items if item.name == "net"] == [NOT_COMPARABLE]


def test_an_encoding_that_could_run_code_is_not_compared_and_does_not_decide(build):
    a, b = (build.dossier("x", artifacts=[array(build, n)], metrics={"auc": 0.5}) for n in (1, 2))
    verdict, items = judge(a, b, said(Closeness(reason="loading it could run code", is_closed=True)))
    assert verdict is IDENTICAL
    assert [item.reason for item in items if item.verdict is NOT_COMPARABLE] == ["loading it could run code"]


def test_a_cell_that_raised_fails_the_replay_whatever_the_pickles_are(build):
    a = build.dossier("fit()", artifacts=[pickled(build, 1)])
    b = build.dossier("fit()", artifacts=[pickled(build, 2)], failed={0})
    assert judge(a, b, closed)[0] is FAILED


def test_a_pickle_of_another_type_or_in_place_of_an_array_is_drift_that_was_seen(build):
    for before, after in [(pickled(build, 1), pickled(build, 2, "Tree")), (array(build, 1, "net", "model"), pickled(build, 2))]:
        a, b = (build.dossier("x", artifacts=[one], metrics={"auc": 0.5}) for one in (before, after))
        verdict, items = judge(a, b, never)
        assert verdict is DRIFTED
        assert NOT_COMPARABLE not in {item.verdict for item in items}


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        (1.0, 1.0 + 1e-13, NUMERIC),
        ({"auc": [0.5, (0.25,)]}, {"auc": [0.5, (0.25 + 1e-13,)]}, NUMERIC),
        (1.0, 1.1, DRIFTED),
        ([1.0], [1.0, 2.0], DRIFTED),
        (1, 2, DRIFTED),
    ],
)
def test_plain_values_are_measured_by_their_handler(build, a, b, verdict):
    ours, theirs = (
        build.dossier("x", artifacts=[build.piece("output", "score", ValueSummary("float", ""), n, handler="plain")])
        for n in (1, 2)
    )
    assert one_item(ours, theirs, said(handler.closeness(a, b))).verdict is verdict


def test_pickles_that_are_equal_are_identical(build):
    a = build.dossier("x", artifacts=[build.piece("model", "net", OpaqueSummary("Net", ""), 1, handler="opaque")])
    assert one_item(a, a).verdict is IDENTICAL


def test_measured_drift_is_not_taken_for_ignorance(build):
    assert arrays(build, measured(max_abs=1.0, max_rel=1.0)).verdict is DRIFTED


def test_objects_of_two_handlers_are_not_measured(build):
    a = build.dossier("x", artifacts=[build.frame("output", "df", [("x", "int64", 1)])])
    b = build.dossier("x", artifacts=[array(build, 1, name="df")])
    assert one_item(a, b).reason == "was kept by the pandas handler, and is now by the numpy handler"


def test_what_the_replay_did_not_make_has_failed(build):
    a = build.dossier("x", artifacts=[array(build, 1)], metrics={"auc": 0.5}, streams={"stdout": "hi"})
    verdict, items = judge(a, build.dossier("x"), never)
    assert verdict is FAILED
    assert {(item.kind, item.verdict, item.reason) for item in items} == {
        (kind, FAILED, "was not produced") for kind in ("output", "metric", "stream")
    }


def test_what_only_the_replay_made_is_drift(build):
    b = build.dossier("x", streams={"stderr": "DeprecationWarning"}, metrics={"auc": 0.5})
    verdict, items = judge(build.dossier("x"), b, never)
    assert verdict is DRIFTED
    assert {item.reason for item in items} == {"was produced by the replay only"}


def test_one_bad_item_outweighs_many_good_ones(build):
    kept = [array(build, place, name=f"n{place}") for place in range(5)]
    a = build.dossier("x", artifacts=kept, metrics={"auc": 0.5})
    b = build.dossier("x", artifacts=kept, metrics={"auc": 0.6})
    verdict, items = judge(a, b, never)
    assert verdict is DRIFTED
    assert [item.verdict for item in items].count(IDENTICAL) == 5


def test_code_that_ran_and_made_nothing_is_identical_and_says_so(build):
    item = one_item(build.dossier("pass"), build.dossier("pass"))
    assert (item.kind, item.verdict) == ("cell", IDENTICAL)
    assert item.reason == "the code ran, and there was nothing to compare"


def test_a_replay_in_which_no_cell_ran_has_failed(build):
    ran = build.dossier("pass")
    idle = dataclasses.replace(ran, version=dataclasses.replace(ran.version, cells=()), sources=())
    assert one_item(ran, idle).verdict is FAILED


def test_a_cell_that_raised_in_the_replay_only_has_failed(build):
    a = build.dossier("1/0", "fit()", failed={0})
    assert one_item(a, a).verdict is IDENTICAL
    item = one_item(a, build.dossier("1/0", "fit()", failed={0, 1}))
    assert (item.kind, item.name, item.verdict) == ("cell", "cell 2", FAILED)


@pytest.mark.parametrize(
    ("size", "reason"), [((640, 480), "the picture differs"), ((800, 480), "640 by 480 pixels became 800 by 480")]
)
def test_a_figure_with_other_pixels_has_drifted_and_why_is_said(build, size, reason):
    def shown(*pixels):
        return build.dossier("x", artifacts=[build.piece("figure", "f", FigureSummary("Figure", "image/png", *pixels), pixels)])

    a = shown(640, 480)
    b = build.dossier("x", artifacts=[build.piece("figure", "f", FigureSummary("Figure", "image/png", *size), "other")])
    item = one_item(a, b)
    assert item.verdict is DRIFTED
    assert item.reason.startswith(reason)


def test_artifacts_of_one_name_are_judged_one_by_one(build):
    a = build.dossier("x", artifacts=[array(build, 1), array(build, 2)])
    b = build.dossier("x", artifacts=[array(build, 2), array(build, 1)])
    verdict, items = judge(a, b, never)
    assert (verdict, len(items)) == (IDENTICAL, 2)


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("loss 0.3\n", "loss 0.3\n", IDENTICAL),
        ("loss 0.3\n", "loss 0.30000000000000004\n", NUMERIC),
        ("loss 0.3\n", "loss 0.31\n", DRIFTED),
        ("loss=1e-3,", "loss=0.001,", EQUIVALENT),
        ("12 rows", "13 rows", DRIFTED),
        ("1000000000001 rows", "1000000000002 rows", DRIFTED),
        ("007", "7", DRIFTED),
        ("[1.0 2.0]", "[1.0  2.0]", DRIFTED),
        ("a\nb", "a\nb\n", DRIFTED),
        ("<Net at 0x7f01>", "<Net at 0x7f02>", DRIFTED),
        ("numpy 2.1.0", "numpy 2.10.0", DRIFTED),
        ("digest 1e5", "digest 10e4", EQUIVALENT),
        ("digest x1e5", "digest x10e4", DRIFTED),
        ("1e999", "2e999", DRIFTED),
        ("nan", "inf", DRIFTED),
        ("took 1.5 s", "took 1.6 s", IDENTICAL),  # the run took 1.5
        ("took 90.5 s", "took 90.6 s", DRIFTED),
        ("9" * 100_000 + ".5", "9" * 100_000 + ".6", DRIFTED),
        ("-1.0000000000000002", "-1.0", NUMERIC),
        ("-1.0", "1.0", DRIFTED),
    ],
)
def test_printed_text_is_equal_but_for_the_noise_of_its_numbers(build, a, b, verdict):
    assert printed(build, a, b).verdict is verdict


def test_printed_drift_names_its_line(build):
    assert printed(build, "a\nb\nc", "a\nb\nd").reason == "line 3 differs"
    assert printed(build, "a\nb\nc", "a\nb").reason == "3 lines became 2"


def test_a_megabyte_of_digits_and_dots_is_judged_at_once(build):
    assert printed(build, "1." * 500_000, "1." * 500_000 + "2").verdict is DRIFTED


def test_a_stream_that_cannot_be_read_has_drifted_and_decides(build):
    a = build.dossier("x", streams={"stdout": "hello"})
    lost = dataclasses.replace(build.dossier("x", streams={"stdout": "other"}), streams={})
    item = one_item(a, lost)
    assert item.verdict is DRIFTED


def test_a_metric_whose_value_is_damaged_has_drifted(build):
    damaged = Metric("m", {"$": "float", "v": "no number"}, MetricSource.STATED)
    assert metrics(build, damaged, 1.0).verdict is DRIFTED


def test_a_tolerance_is_had_by_name_and_the_verdict_says_which_was_applied(build):
    loose = Tolerances((ToleranceRule(by_metric={"m": 0.5}, by_item={"scores": 0.25}),))
    item = metrics(build, 2.0, 2.5, loose)
    assert (item.verdict, item.measured.rtol, item.measured.max_rel) == (NUMERIC, 0.5, 0.25)
    item = arrays(build, measured("float32", max_abs=1.0, max_rel=0.25), loose)
    assert (item.verdict, item.measured.rtol, item.measured.precision) == (NUMERIC, 0.25, "float32")
    for pattern, verdict in (("other-*", DRIFTED), ("*", NUMERIC)):
        assert metrics(build, 2.0, 2.5, Tolerances((ToleranceRule(pattern, by_metric={"m": 0.5}),))).verdict is verdict


def test_the_handler_is_told_what_is_negligible(build):
    told = []

    def measure(a, b, negligible):
        told.append(negligible)
        return Closeness(total=1)

    arrays(build, measure, by_precision(atol=0.125))
    assert told == [0.125]


@settings(max_examples=100, deadline=None)
@given(a=st.floats(allow_nan=False, allow_infinity=False), step=st.floats(-0.1, 0.1))
def test_a_verdict_does_not_depend_on_the_sign(build, a, step):
    b = a * (1 + step)
    there, mirrored = metrics(build, a, b), metrics(build, -a, -b)
    assert there.verdict is mirrored.verdict
    assert there.measured == mirrored.measured
