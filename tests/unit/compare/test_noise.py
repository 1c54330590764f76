from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.compare.clock import Run
from mvlake.compare.markup import drawing, spread_out, visible_text, without_made_up
from mvlake.compare.noise import stilled
from mvlake.compare.places import without_folder
from mvlake.compare.texts import judge_printed, judge_shown
from mvlake.records.events import Verdict
from mvlake.records.tolerance import Tolerance

IDENTICAL, EQUIVALENT, NUMERIC, DRIFTED = Verdict.IDENTICAL, Verdict.EQUIVALENT, Verdict.NUMERIC, Verdict.DRIFTED
THEN = Run(datetime(2026, 3, 3, 14, 0, 10, tzinfo=UTC), 2.0)
NOW = Run(datetime(2026, 11, 29, 9, 30, 0, tzinfo=UTC), 3.0)
BAR = "\rrows:   0%|          | 0/30 [00:00<?, ?it/s]\rrows: 100%|██████████| 30/30 [00:00<00:00, {}it/s]\n"
LOOP = "{} μs ± 2 μs per loop (mean ± std. dev. of 7 runs, 100 loops each)\n"
SLOWEST = "The slowest run took 5.10 times longer than the fastest. This could mean that an intermediate result is being cached.\n"
FOLDER = "/tmp/mvlake-replay-ab12cd34/world" + "/above" * 12 + "/project"


def printed(a, b):
    return judge_printed(a, b, (THEN, NOW), Tolerance())[:2]


def shown(a, b, media_type):
    return judge_shown(a, b, media_type, (THEN, NOW), Tolerance())


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("CPU times: user 3 ms, sys: 0 ns, total: 3 ms\nWall time: 3 ms", "CPU times: user 9 s, sys: 1 s, total: 9 s\nWall time: 9 s", "took"),
        (LOOP.format("1.2"), SLOWEST + LOOP.format("3.4"), "took"),
        (BAR.format("430.11"), BAR.format("77.20"), "progress bars"),
        ("epoch 1 - 0.05s - loss: 0.31", "epoch 1 - 1.50s - loss: 0.31", "took"),
        ("10/10 - 0s 5ms/step - loss: 0.3", "10/10 - 1s 90ms/step - loss: 0.3", "took"),
        ("[Parallel(n_jobs=2)]: Done 5 out of 5 | elapsed:    0.1s finished", "[Parallel(n_jobs=2)]: Done 5 out of 5 | elapsed:    0.4s finished", "took"),
        ("[CV] END model__C=1; total time=   0.0s", "[CV] END model__C=1; total time=   0.2s", "took"),
        ("Training time: 1.2 seconds", "Training time: 2.9 seconds", "took"),
        ("done in 0:00:01.20", "done in 0:00:02.90", "took"),
        ("fit took 12.5 μs", "fit took 300 ns", "took"),
        ("<Net at 0x7f12ab34cd56>", "<Net at 0x7fff00001111>", "memory addresses"),
        ("/tmp/ipykernel_12/345.py:3: UserWarning: no", "/tmp/ipykernel_99/345678.py:3: UserWarning: no", "files of cells"),
        ("Cell In[3], line 1", "Cell In[12], line 1", "execution counts"),
        ("to /tmp/tmpab12cd_4/x.csv", "to /tmp/tmp99zzyyxx/x.csv", "temporary names"),
        ("Time:      14:00:11   x", "Time:      10:30:02   x", "what the clock said"),
        ("Date:  Tue, 03 Mar 2026   x", "Date:  Sun, 29 Nov 2026   x", "what the clock said"),
        ("2026-03-03 15:00:11,123 INFO x", "2026-11-29 09:30:02,999 INFO x", "what the clock said"),
        ("Tue Mar  3 14:00:11 2026", "Sun Nov 29 09:30:01 2026", "what the clock said"),
        ("saved run_20260303_140011.csv", "saved run_20261129_093001.csv", "what the clock said"),
        ("read /home/ana/churn/x.csv from /home/ana/churn", f"read {FOLDER}/x.csv from {FOLDER}", "the folder"),
    ],
)  # fmt: skip
def test_what_tells_of_the_run_is_passed_over_and_named(a, b, kind):
    verdict, reason = printed(a, b)
    assert verdict is IDENTICAL, reason
    assert kind in reason
    assert printed(a, f"{b}\nmore")[0] is DRIFTED


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("delivery took 90 minutes", "delivery took 80 minutes"),  # no run took as long
        ("half-life 0.5 s", "half-life 0.6 s"),
        ("latest order 2025-12-31 23:59:00", "latest order 2026-01-02 08:00:00"),
        ("from 2026-03-01", "from 2026-03-02"),
        ("at 14:20:00", "at 09:50:00"),
        ("30/30 rows", "29/30 rows"),
        (BAR.format("430.11"), BAR.format("77.20").replace("30/30", "29/30")),
        ("color 0x7f12ab34cd56", "color 0x7fff00001111"),
        ("<Net at 0x7f12ab34cd56>", "<Tree at 0x7fff00001111>"),
        ("/tmp/tmpab12cd_4/x.csv", "/tmp/tmp99zzyyxx/y.csv"),
        ("[1.0s]", "[100.0s]"),
        ("read /home/ana/churn/x.csv", f"read {FOLDER}/y.csv"),
        ("read /home/ana/churn/x.csv\nand /home/bo/x.csv", f"read {FOLDER}/x.csv\nand {FOLDER}/x.csv"),
        ("2026-02-31 14:00:11", "2026-11-29 09:30:02"),
    ],
)  # fmt: skip
def test_what_tells_of_a_result_is_not(a, b):
    assert printed(a, b)[0] is DRIFTED


def test_numbers_beside_noise_are_still_within_the_tolerance_or_not():
    verdict, reason = printed("fit took 1.0 s, auc 0.9000000000001", "fit took 1.5 s, auc 0.9")
    assert verdict is NUMERIC
    assert "passed over: how long it took" in reason
    assert printed("fit took 1.0 s, auc 0.91", "fit took 1.5 s, auc 0.9")[0] is DRIFTED


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("0123456789:-/ .s\r\n[]<>|#atTxyMar±"), max_size=60), st.integers(0, 10**6))
def test_to_still_a_text_is_quick_safe_and_gives_the_same_twice(text, later):
    run = Run(THEN.started + timedelta(seconds=later), 1.0)
    once = stilled(text, run)
    assert stilled(text, run) == once
    assert without_folder(text, text) == (text, text)


@pytest.mark.parametrize(
    "text", ["1:" * 200_000, "took " * 100_000, "| 1/" * 100_000, "tmp" * 200_000, "/" * 300_000, "\r" * 300_000, "1 ± " * 100_000]
)
def test_long_texts_take_time_in_proportion(text):
    assert stilled(text, THEN).text is not None


@pytest.mark.parametrize(
    "piece", ["<!--", "</", "<a b='", "<script>", '<svg id="', "<metadata>", "<tr --doc-link-refit_time_;", "&#", "[", '{"uid":']
)
def test_long_markup_takes_time_in_proportion(piece):
    long = piece * ((256 << 10) // len(piece))
    assert visible_text(long) is not None
    assert drawing(long) is not None
    assert without_made_up(long) is not None
    assert spread_out(long) == long


STYLED = '<style>#T_{0}_row0 {{}}</style><table id="T_{0}"><tr><td id="T_{0}_row0">{1}</td></tr></table>'
SVG = '<svg><metadata>{0}</metadata><defs><path id="m{1}" d="M 0 {2}"/></defs><use xlink:href="#m{1}"/><g clip-path="url(#p{1})"/></svg>'


@pytest.mark.parametrize(
    ("media_type", "a", "b", "verdict"),
    [
        ("text/html", STYLED.format("1a2b3", "0.5"), STYLED.format("9f8e7", "0.5"), IDENTICAL),
        ("text/html", STYLED.format("1a2b3", "0.5"), STYLED.format("9f8e7", "0.6"), DRIFTED),
        ("text/html", STYLED.format("1a2b3", "0.5"), STYLED.format("9f8e7", "0.5000000000000001"), NUMERIC),
        ("text/html", "<p>one</p>", "<div class='x'>one</div>", EQUIVALENT),
        ("text/html", "<script>a()</script>", "<script>b()</script>", Verdict.NOT_COMPARABLE),
        ("text/html", "<td>14:00:11</td>", "<td>09:30:02</td>", IDENTICAL),
        ("image/svg+xml", SVG.format("<dc:date>2026-03-03</dc:date>", "7af", 1), SVG.format("<dc:date>2026-11-29</dc:date>", "01b", 1), IDENTICAL),
        ("image/svg+xml", SVG.format("", "7af", 1), SVG.format("", "7af", 2), DRIFTED),
        ("application/vnd.plotly.v1+json", '{"data":[{"uid":"a","x":[1.0]}]}', '{"data":[{"uid":"b","x":[1.0]}]}', IDENTICAL),
        ("application/vnd.plotly.v1+json", '{"data":[{"x":[1.0]}]}', '{"data":[{"x":[1.5]}]}', DRIFTED),
        ("application/javascript", "a()", "b()", Verdict.NOT_COMPARABLE),
        ("text/plain", "<Figure size 640x480>", "<Figure size 640x400>", DRIFTED),
        ("application/pdf", None, None, Verdict.NOT_COMPARABLE),
    ],
)  # fmt: skip
def test_what_is_shown_is_judged_by_what_is_to_be_seen(media_type, a, b, verdict):
    assert shown(a, b, media_type)[0] is verdict


def test_the_diagram_of_a_search_is_the_same_however_long_it_took():
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    points, labels = [[0.0], [1.0]] * 6, [0, 1] * 6
    one, other = (GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2).fit(points, labels) for _ in range(2))
    other.refit_time_ = one.refit_time_ + 1
    other.cv_results_["mean_fit_time"] += 1
    assert shown(one._repr_html_(), other._repr_html_(), "text/html")[0] is IDENTICAL
    other.best_score_ -= 0.5
    assert shown(one._repr_html_(), other._repr_html_(), "text/html")[0] is DRIFTED


@pytest.mark.parametrize(
    "started_at", ["yesterday", "9999-12-31T23:59:59.000000Z", "0001-01-01T00:00:00", "2026-03-03T14:00:10", ""]
)
@pytest.mark.parametrize("duration", [-1.0, 0.0, 1e300, float("inf")])
def test_whatever_moments_and_texts_a_lake_tells_they_are_judged(build, started_at, duration):
    run = Run.of(replace(build.dossier("x").version, started_at=started_at, duration=duration))
    for text in (
        f"took {'9' * 5000}:00:00",
        f"took {'9' * 5000}.{'9' * 5000} s",
        "9999-99-99 99:99:99",
        "0000-00-00",
        "99:99:99",
        "Jan 99 0000",
    ):
        assert judge_printed(text, f"{text}!", (run, NOW), Tolerance()).verdict is DRIFTED
