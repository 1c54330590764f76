import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.compare.diff import Change, Diff, Outcome
from mvlake.compare.versions import compare
from mvlake.records.canonical import canonical
from mvlake.records.environment import Git
from mvlake.records.fields import to_fields
from mvlake.records.hint import Hint, HintCode
from mvlake.records.randomness import Draw, GeneratorKind, Seed
from mvlake.records.summary import FigureSummary

SWAPPED = {
    Change.ADDED: Change.REMOVED,
    Change.REMOVED: Change.ADDED,
    Outcome.BETTER: Outcome.WORSE,
    Outcome.WORSE: Outcome.BETTER,
}
# Notes tell a direction in words; `kind` is b's where the kinds differ; order is b's.
ONE_SIDED = {"note", "kind"}


def mirrored(row):
    """A row as the reverse comparison would tell it."""
    values = {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
    for name in [name for name in values if name == "a" or name.startswith("a_")]:
        other = "b" + name[1:]
        values[name], values[other] = values[other], values[name]
    for name in ("change", "outcome"):
        if name in values:
            values[name] = SWAPPED.get(values[name], values[name])
    if values.get("delta") is not None:
        values["delta"] = 0.0 - values["delta"]  # so that no zero has a sign
    values.pop("relative", None)
    for name in ("columns", "index", "settings", "learned", "facts"):
        if name in values:
            values[name] = folded(mirrored(one) for one in values[name])
    if "lines" in values:
        values["lines"] = mirrored_lines(values["lines"])
    return values


def mirrored_lines(lines):
    swapped, hunk = [], []
    for line in [*lines, None]:
        if line is None or line.op == " ":
            swapped += [("-", text) for op, text in hunk if op == "+"] + [("+", text) for op, text in hunk if op == "-"]
            swapped += [(" ", line.text)] if line else []
            hunk = []
        else:
            hunk.append((line.op, line.text))
    return swapped


def plain(row):
    values = {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
    values.pop("relative", None)
    for name in ("columns", "index", "settings", "learned", "facts"):
        if name in values:
            values[name] = folded(plain(one) for one in values[name])
    if "lines" in values:
        values["lines"] = [(line.op, line.text) for line in values["lines"]]
    return values


def folded(rows):
    return sorted(repr(sorted((key, value) for key, value in row.items() if key not in ONE_SIDED)) for row in rows)


def aspects(diff: Diff):
    return {
        **{name: getattr(diff, name) for name in ("code", "params", "metrics", "data", "models", "figures", "streams")},
        "facts": diff.environment.facts,
        "git": diff.environment.git,
        "packages": diff.environment.packages,
    }


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_reverse_comparison_is_the_mirror_image(data, some_dossier):
    a, b = data.draw(some_dossier), data.draw(some_dossier)
    there, back = compare(a, b), compare(b, a)
    assert there.is_empty == back.is_empty
    assert sorted(there.problems) == sorted(back.problems)
    assert (there.a, there.b) == (back.b, back.a)
    for name, rows in aspects(there).items():
        assert folded(mirrored(row) for row in rows) == folded(plain(row) for row in aspects(back)[name])


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_version_and_itself_differ_in_nothing(data, some_dossier):
    a = data.draw(some_dossier)
    diff = compare(a, a)
    assert diff.is_empty
    assert all(row.change is Change.UNCHANGED for rows in aspects(diff).values() for row in rows)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), part=st.sampled_from(["cells", "params", "metrics", "artifacts"]))
def test_a_version_that_lacks_anything_differs(data, part, some_dossier):
    a = data.draw(some_dossier)
    kept = getattr(a.version, part)[:-1]
    b = dataclasses.replace(a, version=dataclasses.replace(a.version, **{part: kept}))
    assert compare(a, b).is_empty == (kept == getattr(a.version, part))


def test_time_author_commit_and_branch_alone_are_no_difference(build):
    a = build.dossier("fit()", git=Git("abc", "main"))
    b = build.dossier("fit()", number=2, git=Git("def", "topic", is_dirty=True, changed=("x.py",)))
    diff = compare(a, b)
    assert diff.is_empty
    assert [row.change for row in diff.environment.git[:3]] == ["changed", "changed", "changed"]


def test_each_aspect_alone_makes_a_difference(build):
    base = {"params": {"lr": 1}, "metrics": {"auc": 0.5}, "streams": {"stdout": "x"}}
    pieces = [build.frame("output", "df", [("x", "int64", 1)]), build.model("clf", [("C", 1, True)])]
    shown = FigureSummary("Figure", "image/png", 640, 480)
    a = build.dossier("fit()", artifacts=pieces, **base)
    others = {
        "code": build.dossier("fit(1)", artifacts=pieces, **base),
        "params": build.dossier("fit()", artifacts=pieces, **{**base, "params": {"lr": 1.0}}),
        "metrics": build.dossier("fit()", artifacts=pieces, **{**base, "metrics": {"auc": 0.6}}),
        "streams": build.dossier("fit()", artifacts=pieces, **{**base, "streams": {"stdout": "y"}}),
        "data": build.dossier("fit()", artifacts=pieces[1:], **base),
        "models": build.dossier("fit()", artifacts=pieces[:1], **base),
        "figures": build.dossier("fit()", artifacts=[*pieces, build.piece("figure", "f", shown)], **base),
        "packages": build.dossier(
            "fit()", artifacts=pieces, environment=dataclasses.replace(build.environment, packages={"numpy": "1"}), **base
        ),
        "environment": build.dossier(
            "fit()", artifacts=pieces, environment=dataclasses.replace(build.environment, python="3.14.0"), **base
        ),
    }
    assert compare(a, a).is_empty
    assert {name for name, b in others.items() if compare(a, b).is_empty} == set()


def test_cells_in_another_order_are_a_difference(build):
    assert not compare(build.dossier("a", "b", "fit()"), build.dossier("b", "a", "fit()")).is_empty


def test_hints_stand_side_by_side_and_are_no_difference(build):
    before, after = build.dossier("x"), build.dossier("x", number=2)
    stale, clock = Hint(HintCode.HIDDEN_STATE, "In [2]", cells=(1,)), Hint(HintCode.TIME_DEPENDENT, "df")
    again = Hint(HintCode.HIDDEN_STATE, "In [3]")
    found = compare(hinting(before, stale), hinting(after, stale, again, clock))
    assert [(one.name, one.change, one.a, one.b) for one in found.hints] == [
        ("hidden-state", Change.CHANGED, "In [2]", "In [2]; In [3]"),
        ("time-dependent", Change.ADDED, None, "df"),
    ]
    assert found.is_empty


def test_generators_and_seeds_stand_side_by_side_and_are_no_difference(build):
    def drew(cell, generator, state, *, is_seeded=False):
        return Draw(cell, generator, GeneratorKind.NUMPY, build.digest(state), is_seeded)

    before = drawing(build.dossier("x"), (drew(1, "rng", "a"), drew(2, "rng", "b"), drew(1, "random", "a")), (Seed(1, "seed", 3),))
    after = drawing(build.dossier("x"), (drew(1, "rng", "a", is_seeded=True), drew(1, "random", "b")), (Seed(1, "seed", 4),))
    found = compare(before, after)
    assert [(one.name, one.change, one.a, one.b, one.note) for one in found.randomness] == [
        ("rng", Change.CHANGED, "unseeded, cells 1, 2", "seeded, cell 1", ""),
        ("random", Change.CHANGED, "unseeded, cell 1", "unseeded, cell 1", "it began in another state"),
        ("seed", Change.CHANGED, 3, 4, ""),
    ]
    assert found.is_empty
    same = compare(before, before).randomness
    assert {one.change for one in same} == {Change.UNCHANGED}


def drawing(dossier, draws, seeds):
    return dataclasses.replace(dossier, version=dataclasses.replace(dossier.version, draws=draws, seeds=seeds))


def hinting(dossier, *hints):
    return dataclasses.replace(dossier, version=dataclasses.replace(dossier.version, hints=hints))


def test_the_sides_say_who_and_when(build):
    diff = compare(build.dossier("x"), build.dossier("x", number=2))
    assert (diff.a.ref, diff.b.ref, diff.a.author, diff.b.duration) == ("fraud:v1", "fraud:v2", "ana", 1.5)


def test_problems_of_both_versions_are_passed_on(build):
    diff = compare(build.dossier("x", problems=("object b3:00 is missing",)), build.dossier("x", number=2))
    assert diff.problems == ("fraud:v1: object b3:00 is missing",)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_every_diff_of_storable_versions_has_canonical_json(data, some_dossier):
    diff = compare(data.draw(some_dossier), data.draw(some_dossier))
    assert canonical(to_fields(diff))
