"""Which versions a replay of several is of: each once, and of those that are left out it is said why."""

import platform
from dataclasses import replace
from importlib.metadata import version as installed

import pytest

from mvlake.errors import InvalidVerb, LabelNotFound, NothingToReplay, VersionNotFound
from mvlake.lake.chosen import choose
from mvlake.records.environment import Environment, Import
from mvlake.records.replays import Choice


@pytest.fixture
def some(lake, commit):
    for depth in (1, 2, 3):
        commit(lake, depth=depth)
    commit(lake, "churn", depth=1)
    for ref in ("fraud:v2", "churn:v1"):
        lake.promote(ref, "production")
    return lake


@pytest.fixture
def chosen(some):
    def chosen(*refs, **choice):
        entries, left_out = choose(some._parts, refs, Choice(**choice))
        return [one.ref for one in entries], {one.ref: one.reason for one in left_out}

    return chosen


@pytest.mark.parametrize(
    ("refs", "choice", "meant"),
    [
        (["fraud:v1", "churn"], {}, ["fraud:v1", "churn:v1"]),
        (["churn", "fraud", "fraud:v3", "churn:v1", "fraud:latest"], {}, ["churn:v1", "fraud:v3"]),
        (["@production"], {"all_": True}, ["churn:v1", "fraud:v2"]),
        (["@production~1"], {"all_": True}, ["fraud:v1"]),
        (["fraud@production"], {"all_": True}, ["fraud:v2"]),
        (["fraud"], {"all_": True}, ["fraud:v3", "fraud:v2", "fraud:v1"]),
        (["fraud:v1", "fraud"], {"all_": True}, ["fraud:v1", "fraud:v3", "fraud:v2"]),
        ([], {"all_": True}, ["churn:v1", "fraud:v3", "fraud:v2", "fraud:v1"]),
        ([], {"since": "fraud:v1"}, ["churn:v1", "fraud:v3", "fraud:v2"]),
        (["fraud"], {"since": "fraud@production"}, ["fraud:v3"]),
        (["fraud"], {"since": "2001-01-01"}, ["fraud:v3", "fraud:v2", "fraud:v1"]),
        ([], {"changed_env": True}, ["churn:v1", "fraud:v3"]),
        ([], {"since": "2999-01-01", "allow_empty": True}, []),
    ],
)
def test_refs_and_words_beside_them_mean_versions(chosen, commit, some, refs, choice, meant):
    if refs == ["@production~1"]:
        some.promote("fraud:v2", "production")
        some.promote("churn:v1", "production")
        with pytest.raises(VersionNotFound, match="no parent"):
            chosen(*refs, **choice)
        commit(some, "churn", depth=2)
        some.promote("churn:v2", "production")
        meant = ["churn:v1", *meant]
    assert chosen(*refs, **choice)[0] == meant


def test_what_was_named_and_is_left_out_is_told(chosen, some):
    some.forget("fraud:v3", reason="wrong data")
    assert chosen("fraud:v3", "fraud:v1", "churn", since="fraud:v1") == (
        ["churn:v1"],
        {"fraud:v3": "it was forgotten: wrong data", "fraud:v1": "it was not made after fraud:v1"},
    )
    assert chosen("fraud", all_=True) == (["fraud:v2", "fraud:v1"], {"fraud:v3": "it was forgotten: wrong data"})


def test_a_selection_without_a_version_is_no_success(chosen, some):
    with pytest.raises(NothingToReplay, match="made after 2999-01-01") as raised:
        chosen(since="2999-01-01")
    assert "--allow-empty" in raised.value.hint
    some.forget("fraud:v3")
    with pytest.raises(NothingToReplay, match="fraud:v3: it was forgotten"):
        chosen("fraud:v3", all_=True)
    assert chosen("fraud:v3", allow_empty=True) == ([], {"fraud:v3": "it was forgotten"})


def test_what_cannot_be_meant_is_said_before_anything_runs(chosen):
    with pytest.raises(InvalidVerb, match="no version is named"):
        chosen()
    with pytest.raises(VersionNotFound):
        chosen("fraud:v1", "typo:v9")
    with pytest.raises(LabelNotFound, match="staging"):
        chosen("@staging", all_=True)


def test_an_environment_is_changed_where_imports_need_what_is_another(lake, new_draft):
    pytest_version, pluggy = installed("pytest"), installed("pluggy")
    here = Environment(platform.python_version(), platform.python_implementation(), "any", platform.machine(), "any", 1, {})
    recorded = {
        "same": {"pytest": pytest_version, "pluggy": pluggy, "iniconfig": installed("iniconfig"), "packaging": installed("packaging"),
                 "pygments": installed("pygments"), "elsewhere": "1"},
        "other-pluggy": {"pytest": pytest_version, "pluggy": "0.1", "iniconfig": installed("iniconfig"),
                         "packaging": installed("packaging"), "pygments": installed("pygments")},
        "gone": {"no-such-package": "1"},
    }  # fmt: skip
    imports = {"same": "pytest", "other-pluggy": "pytest", "gone": "no_such_package"}
    for name, packages in recorded.items():
        draft = replace(new_draft(lake, name), environment=replace(here, packages=packages))
        lake.commit(
            replace(draft, imports=(Import("python", here.python), Import(imports[name], packages.get(imports[name], "1"))))
        )
    lake.commit(replace(new_draft(lake, "older"), environment=replace(here, python="3.0.0")))
    entries, left_out = choose(lake._parts, (), Choice(changed_env=True))
    assert [one.ref for one in entries] == ["gone:v1", "older:v1", "other-pluggy:v1"]
    assert [(one.ref, one.is_unchanged) for one in left_out] == [("same:v1", True)]
    assert choose(lake._parts, ["same"], Choice(changed_env=True))[0] == ()
