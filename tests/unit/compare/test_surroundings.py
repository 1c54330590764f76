import dataclasses

from mvlake.compare.diff import Change
from mvlake.compare.environment import compare_environment
from mvlake.compare.figures import compare_figures
from mvlake.compare.models import compare_models
from mvlake.compare.streams import compare_streams
from mvlake.records.environment import Git, ThreadPool
from mvlake.records.summary import FigureSummary, OpaqueSummary


def models(build, a, b):
    return compare_models(build.dossier("x", artifacts=a), build.dossier("x", artifacts=b))[0]


def test_a_model_tells_its_settings_and_whether_they_are_defaults(build):
    a = build.model("clf", [("C", 1.0, True), ("penalty", "l2", True), ("tol", 1e-4, True)])
    b = build.model("clf", [("C", 0.5, False), ("penalty", "l2", False), ("tol", 1e-4, True)])
    told = models(build, [a], [b])
    assert told.change is Change.CHANGED
    assert [(one.name, one.change, one.a_is_default, one.b_is_default, one.note) for one in told.settings] == [
        ("C", "changed", True, False, ""),
        ("penalty", "unchanged", True, False, "the class's default is another one"),
        ("tol", "unchanged", True, True, ""),
    ]


def test_a_model_tells_what_it_learned_and_its_library(build):
    a = build.model("clf", [], learned=[("n_features", 3)])
    b = build.model("clf", [], learned=[("n_features", 4)], kind="sklearn.svm.SVC", content="b", version="1.7.0")
    told = models(build, [a], [b])
    assert (told.a_type, told.b_type) == ("sklearn.linear_model.LogisticRegression", "sklearn.svm.SVC")
    assert (told.learned[0].name, told.learned[0].a, told.learned[0].b) == ("n_features", 3, 4)
    assert {one.name: one.change for one in told.facts} == {
        "library": "unchanged",
        "library_version": "changed",
        "is_fitted": "unchanged",
    }


def test_a_model_trained_again_has_changed_although_its_settings_have_not(build):
    told = models(build, [build.model("clf", [("C", 1, True)], content="a")], [build.model("clf", [("C", 1, True)], content="b")])
    assert (told.change, told.settings[0].change) == (Change.CHANGED, Change.UNCHANGED)


def test_a_model_known_by_its_pickle_says_so(build):
    told = models(build, [], [build.piece("model", "net", OpaqueSummary("my.Net", "no handler"), handler="opaque")])
    assert (told.change, told.b_type, told.note) == (Change.ADDED, "my.Net", "known by its pickle only: no handler")


def test_a_figure_is_the_same_when_its_fingerprint_is_however_it_is_encoded(build):
    shown = FigureSummary("Figure", "image/png", 640, 480)
    a = build.dossier("x", artifacts=[build.piece("figure", "figure-1", shown, 1, stored="png at level 1")])
    b = build.dossier("x", artifacts=[build.piece("figure", "figure-1", shown, 1, stored="png at level 9")])
    told = compare_figures(a, b)[0]
    assert told.change is Change.UNCHANGED
    assert (told.a_digest, told.b_digest) == tuple(one.version.artifacts[0].object for one in (a, b))
    assert (told.a_size, told.b_media_type) == ("640 \u00d7 480", "image/png")


def test_a_figure_that_is_gone_is_removed(build):
    a = build.dossier("x", artifacts=[build.piece("figure", "figure-1", FigureSummary("Figure", "image/svg+xml"), 1)])
    told = compare_figures(a, build.dossier("x"))[0]
    assert (told.change, told.b_digest, told.a_size, told.b_media_type) == (Change.REMOVED, None, "", "")


def environment(build, a, b):
    return compare_environment(
        build.dossier("x", environment=dataclasses.replace(build.environment, **a)),
        build.dossier("x", environment=dataclasses.replace(build.environment, **b)),
    )[0]


def test_packages_are_compared_by_normalised_name(build):
    told = environment(build, {"packages": {"Scikit_Learn": "1.6", "old": "1"}}, {"packages": {"scikit-learn": "1.7", "new": "2"}})
    assert [(one.name, one.change, one.a, one.b) for one in told.packages] == [
        ("new", "added", "", "2"),
        ("old", "removed", "1", ""),
        ("scikit-learn", "changed", "1.6", "1.7"),
    ]


def test_two_spellings_of_one_package_are_one_package(build):
    told = environment(build, {"packages": {"a_b": "2", "a.b": "1"}}, {"packages": {"a-b": "1"}})
    assert [(one.name, one.a, one.b) for one in told.packages] == [("a-b", "1, 2", "1")]


def test_facts_of_the_machine_are_compared_one_by_one(build):
    told = environment(build, {}, {"python": "3.14.0", "cpus": 64})
    assert [one.name for one in told.facts if one.change is Change.CHANGED] == ["python", "cpus"]
    assert len(told.facts) == 6


def test_a_thread_pool_of_a_library_that_one_side_had_not_loaded_is_told_apart(build):
    blas, omp = ThreadPool("blas", "openblas Haswell", "0.3.29", 4), ThreadPool("openmp", "libgomp", "", 4)
    told = environment(build, {"pools": (blas,)}, {"pools": (blas, omp)})
    assert [(one.name, one.change, one.b) for one in told.loaded] == [("threads of libgomp", Change.ADDED, 4)]
    assert {one.change for one in told.facts} == {Change.UNCHANGED}
    torch = ThreadPool("torch", "torch", "2.13.0", 2)
    for side, change in (("a", Change.REMOVED), ("b", Change.ADDED)):
        pools = {"a": (blas,), "b": (blas,)} | {side: (blas, torch)}
        told = environment(build, {"pools": pools["a"]}, {"pools": pools["b"]})
        assert [one.change for one in told.loaded] == [change]


def test_threads_of_what_both_sides_have_loaded_are_facts(build):
    haswell, zen = (ThreadPool("blas", f"openblas {name}", "0.3.29", 4) for name in ("Haswell", "Zen"))
    told = environment(build, {"pools": (haswell,)}, {"pools": (zen,)})
    assert [(one.name, one.a, one.b) for one in told.facts if one.change is Change.CHANGED] == [
        ("threads of openblas", "4 (0.3.29, Haswell)", "4 (0.3.29, Zen)")
    ]
    assert told.loaded == ()
    fewer = environment(build, {"pools": (haswell,)}, {"pools": (dataclasses.replace(haswell, threads=1),)})
    assert [(one.a, one.b) for one in fewer.facts if one.change is Change.CHANGED] == [
        ("4 (0.3.29, Haswell)", "1 (0.3.29, Haswell)")
    ]


def test_a_repository_on_one_side_only_is_added(build):
    told = compare_environment(build.dossier("x"), build.dossier("x", git=Git("abc", "main")))[0]
    assert {one.change for one in told.git} == {Change.ADDED}
    assert next(one.b for one in told.git if one.name == "commit") == "abc"


def test_an_unreadable_environment_is_compared_by_its_digest(build):
    a = build.dossier("x")
    lost = dataclasses.replace(build.dossier("x", number=2), environment=None)
    told, problems = compare_environment(a, lost)
    assert [(one.name, one.change) for one in told.facts] == [("environment", "unchanged")]
    assert problems == ("the environment of fraud:v2 could not be read",)


def test_printed_lines_are_compared_stream_by_stream(build):
    a = build.dossier("x", streams={"stdout": "epoch 1\nloss 0.5\n"})
    b = build.dossier("x", streams={"stdout": "epoch 1\nloss 0.4\n", "stderr": "careful\n"})
    told = compare_streams(a, b)[0]
    assert [(one.name, one.change) for one in told] == [("stderr", "added"), ("stdout", "changed")]
    assert [line.text for line in told[1].lines if line.op != " "] == ["loss 0.5", "loss 0.4"]


def test_an_unreadable_stream_is_compared_by_its_digest_and_reported(build):
    a = build.dossier("x", streams={"stdout": "hello"})
    lost = dataclasses.replace(build.dossier("x", number=2, streams={"stdout": "other"}), streams={})
    told, problems = compare_streams(a, lost)
    assert (told[0].change, told[0].lines) == (Change.CHANGED, ())
    assert problems == ("stdout of fraud:v2 could not be read",)
    assert compare_streams(lost, lost)[0][0].change is Change.UNCHANGED


def test_a_stream_that_one_side_can_read_is_shown_when_digests_are_equal(build):
    a = build.dossier("x", streams={"stdout": "hello"})
    lost = dataclasses.replace(a, streams={})
    for told in (compare_streams(a, lost)[0][0], compare_streams(lost, a)[0][0]):
        assert (told.change, [line.text for line in told.lines]) == (Change.UNCHANGED, ["hello"])


def test_streams_without_a_digest_are_compared_by_their_text(build):
    def printed(text):
        return dataclasses.replace(build.dossier("x"), streams={"stdout": text})

    assert compare_streams(printed("a"), printed("a"))[0][0].change is Change.UNCHANGED
    assert compare_streams(printed("a"), printed("b"))[0][0].change is Change.CHANGED
