from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.compare.diff import Direction
from mvlake.compare.many import Aspect, TableRow
from mvlake.compare.table import compare_many
from mvlake.compare.versions import compare
from mvlake.records.environment import Import, ThreadPool
from mvlake.records.facts import Metric, MetricSource


def rows(table, aspect):
    return {(one.of, one.name): one for each in table.aspects if each.aspect is aspect for one in each.rows}


@settings(max_examples=80, deadline=None)
@given(data=st.data(), times=st.integers(1, 4))
def test_of_a_version_and_itself_nothing_differs(data, times, some_dossier):
    table = compare_many([data.draw(some_dossier)] * times)
    assert table.is_empty
    assert not any(one.rows for one in table.aspects)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_the_order_of_the_versions_is_the_order_of_the_columns_and_nothing_else(data, some_dossier):
    dossiers = data.draw(st.lists(some_dossier, min_size=2, max_size=4))
    places = data.draw(st.permutations(range(len(dossiers))))
    table, other = compare_many(dossiers), compare_many([dossiers[place] for place in places])

    def turned(row: TableRow) -> TableRow:
        return replace(row, had=tuple(row.had[place] for place in places))

    # By text, as NaN is not equal to itself.
    assert repr(other.versions) == repr(tuple(table.versions[place] for place in places))
    assert repr(other.aspects) == repr(tuple(replace(one, rows=tuple(map(turned, one.rows))) for one in table.aspects))
    assert set(other.problems) == set(table.problems)
    assert other.is_empty is table.is_empty


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_two_versions_differ_in_a_table_where_they_differ_in_a_diff(data, some_dossier):
    a = data.draw(some_dossier)
    b = data.draw(st.one_of(st.just(a), some_dossier))
    if not compare(a, b).is_empty:
        assert not compare_many([a, b]).is_empty


def test_only_the_rows_that_differ_are_told_and_the_others_are_counted_by_name(build):
    made = [build.dossier("fit()", number=one, params={"depth": one, "seed": 7}) for one in (1, 2, 3)]
    (params,) = [one for one in compare_many(made).aspects if one.aspect is Aspect.PARAMETERS]
    assert [(one.name, [had.value for had in one.had]) for one in params.rows] == [("depth", [1, 2, 3])]
    assert params.equal == ("seed",)


def test_what_a_version_has_not_is_told_from_null(build):
    table = compare_many([build.dossier("x", params=one) for one in ({"p": None}, {}, {"p": None})])
    assert [had.is_there for had in rows(table, Aspect.PARAMETERS)["", "p"].had] == [True, False, True]


@pytest.mark.parametrize(
    ("name", "values", "direction", "best"),
    [
        ("auc", (0.5, 0.9, 0.7), Direction.HIGHER, [False, True, False]),
        ("val_loss", (0.5, 0.9, 0.5), Direction.LOWER, [True, False, True]),
        ("auc", (float("nan"), 0.9, 0.7), Direction.HIGHER, [False, True, False]),
        ("auc", (float("nan"), 0.9, 0.9), Direction.HIGHER, [False, False, False]),
        ("uplift", (1, 2, 3), None, [False, False, False]),
        ("auc", (10**400, 0.9, 1), Direction.HIGHER, [True, False, False]),
    ],
)
def test_the_best_value_is_marked_where_it_is_known_which_way_is_better(build, name, values, direction, best):
    table = compare_many([build.dossier("x", metrics={name: one}) for one in values])
    row = rows(table, Aspect.METRICS)["", name]
    assert row.direction is direction
    assert [had.is_best for had in row.had] == best


def test_no_value_is_the_best_where_versions_measure_by_functions_that_disagree(build):
    told = [Metric("fit", one, MetricSource.FUNCTION, function) for one, function in ((1, "accuracy_score"), (2, "log_loss"))]
    row = rows(compare_many([build.dossier("x", metrics={"fit": one}) for one in told]), Aspect.METRICS)["", "fit"]
    assert row.direction is None
    assert not any(had.is_best for had in row.had)


def test_data_is_told_by_digest_and_size(build):
    frames = [build.frame("input", "df", [("x", "int64", one)], rows=one) for one in (1, 2)]
    row = rows(compare_many([build.dossier("x", artifacts=[one]) for one in frames]), Aspect.DATA)["input", "df"]
    assert [(had.value, had.digest) for had in row.had] == [("1 row", frames[0][0].digest), ("2 rows", frames[1][0].digest)]


def test_settings_of_models_are_told_where_the_models_differ(build):
    models = [build.model("m", [("C", one, False), ("tol", 1, True)]) for one in (1, 2)]
    table = compare_many([build.dossier("x", artifacts=[one]) for one in models])
    told = rows(table, Aspect.MODELS)
    assert set(told) == {("model", "m"), ("m", "C")}
    (models_told,) = [one for one in table.aspects if one.aspect is Aspect.MODELS]
    assert models_told.equal == ("m tol",)


def test_code_is_the_tracked_cell_the_number_of_cells_and_which_they_are(build):
    told = rows(compare_many([build.dossier("a", "fit()"), build.dossier("b", "fit()"), build.dossier("fit()")]), Aspect.CODE)
    assert set(told) == {("", "cells"), ("", "other cells")}
    assert [had.value for had in told["", "cells"].had] == [2, 2, 1]


def test_imported_packages_come_first_and_a_pool_that_only_one_version_loaded_is_no_difference(build):
    packages = [{"aaa": one, "numpy": one} for one in "12"]
    pools = [(ThreadPool("blas", "openblas", threads=8),), ()]
    worlds = [replace(build.environment, packages=one, pools=pool) for one, pool in zip(packages, pools, strict=True)]
    made = [build.dossier("x", environment=one) for one in worlds]
    made = [replace(one, version=replace(one.version, imports=(Import("numpy", "1"),))) for one in made]
    table = compare_many(made)
    assert [name for _, name in rows(table, Aspect.PACKAGES)] == ["numpy", "aaa"]
    assert rows(table, Aspect.MACHINE) == {}


def test_an_environment_that_cannot_be_read_is_told_by_its_digest_and_as_a_problem(build):
    made = [build.dossier("x"), replace(build.dossier("x"), environment=None)]
    table = compare_many(made)
    assert table.is_empty
    assert table.problems == ("the environment of fraud:v1 could not be read",)
