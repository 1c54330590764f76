import pytest

from mvlake.capture.analysis import analyze
from mvlake.capture.facts.lineage import Lineage
from mvlake.capture.facts.printed import measured_in_print


def sites(*sources):
    return [analyze(source).sites for source in sources]


DATA = [
    ("acc = accuracy_score(y_test, p)", "test"),
    ("acc = m.score(X_val, y_val)", "validation"),
    ("p = m.predict(X_test)\nacc = accuracy_score(truth, p)", "test"),
    ("a, b = train_test_split(df)\nacc = m.score(b, labels)", "test"),
    ("a, b = train_test_split(df)\nacc = m.score(a, labels)", "train"),
    ("A, B, c, d = train_test_split(X, y)\nacc = m.score(B, d)", "test"),
    ("b = test[cols]\nc = b.copy()\nacc = m.score(c, y)", "test"),
    ("m = fit(X_train)\nacc = m.score(X, y)", ""),
    ("acc = accuracy_score(y_train_test, p)", ""),
    ("acc = log_loss(y, oof)", "oof"),
]


@pytest.mark.parametrize(("source", "dataset"), DATA, ids=[str(place) for place in range(len(DATA))])
def test_the_data_that_was_measured_on_follows_from_the_names(source, dataset):
    found = sites(source)
    assert Lineage(found).dataset(found[-1].sites[-1].arguments) == dataset


PARTS = [
    ("r = recall_score(y[age < 40], p[age < 40])", "age < 40"),
    ("r = recall_score(y[mask_young], p[mask_young])", "mask_young"),
    ("young = test[test.age < 40]\nr = recall_score(young.y, young.p)", "young"),
    ("young = test.query('age < 40')\nr = recall_score(young.y, young.p)", "young"),
    ("r = recall_score(y[0], p[0])", ""),
    ("r = recall_score(df['y'], df['p'])", ""),
]


@pytest.mark.parametrize(("source", "segment"), PARTS, ids=[str(place) for place in range(len(PARTS))])
def test_a_part_of_the_data_is_told_by_its_condition_or_its_name(source, segment):
    found = sites(source)
    assert Lineage(found).segment(found[-1].sites[-1]) == segment


def test_loops_over_groups_are_told_from_loops_over_epochs():
    groups, epochs = sites(
        "for seg, part in df.groupby('s'):\n    r[seg] = recall_score(part.y, part.p)",
        "for epoch in range(3):\n    losses.append(log_loss(y, p))",
    )
    assert (groups.sites[-1].group, groups.sites[-1].loops) == ("seg", ("seg", "part"))
    assert (epochs.sites[-1].group, epochs.sites[-1].targets) == ("", ("losses",))


def test_what_calls_are_given_is_found_wherever_it_stands():
    (found,) = sites("def build(n):\n    return Model(depth=3)\nm = train({'a': 1}, lr=rate, steps=5)\nm.fit(X)")
    assert [(one.function, one.owner, one.targets, one.literals, one.named) for one in found.given] == [
        ("Model", "build", (), (("depth", 3),), ()),
        ("train", "", ("m",), (("steps", 5), ("1", {"a": 1})), ("lr",)),
    ]
    assert found.fits == (("m", 4),)


REPORT = """\
before              precision    recall  f1-score   support
              precision    recall  f1-score   support

          no       0.89      0.86      0.87        28
     a class       0.83      0.50      0.84        22

    accuracy                           0.86        50
   macro avg       0.86      0.68      0.85        50

after   0.1 0.2 0.3 4
"""
PRINTED = [
    ("print(f'auc: {roc_auc_score(y, p):.3f}')", "auc: 0.871\n", {"auc": 0.871}),
    ("print('F1 =', f1_score(y, p))", "F1 = 0.5\n", {"F1": 0.5}),
    ("print(accuracy_score(y, p))", "0.25\n", {"accuracy_score": 0.25}),
    ("for e in r:\n    print(f'{e}: loss {log_loss(y, p)} of {n}')", "0: loss 0.5 of 9\n1: loss 0.4 of 9\n", {"log_loss": 0.4}),
    ("print(f'auc: {x:.3f}')", "auc: 0.871\n", {}),
    ("print(f'auc: {roc_auc_score(y, p)}')", "something else\n", {}),
    ("print(classification_report(y, p))", "  accuracy       0.91       50\n", {}),
    (
        "print(classification_report(y, p))",
        REPORT,
        {
            "classification_report.no.precision": 0.89,
            "classification_report.no.recall": 0.86,
            "classification_report.no.f1-score": 0.87,
            "classification_report.a class.precision": 0.83,
            "classification_report.a class.recall": 0.5,
            "classification_report.a class.f1-score": 0.84,
            "classification_report.accuracy": 0.86,
            "classification_report.macro avg.precision": 0.86,
            "classification_report.macro avg.recall": 0.68,
            "classification_report.macro avg.f1-score": 0.85,
        },
    ),
    (
        "print(f'R2 {fit.rsquared:.3f} (adj. {fit.rsquared_adj:.2f}) of {fit.nobs}')",
        "R2 0.5 (adj. 0.25) of 9\n",
        {"rsquared": 0.5, "rsquared_adj": 0.25},
    ),
    ("print(f'auc: {roc_auc_score(y, p)}'", "auc: 0.871\n", {}),
]


@pytest.mark.parametrize(("source", "printed", "expected"), PRINTED, ids=[str(place) for place in range(len(PRINTED))])
def test_a_number_that_was_only_printed_is_read_out_of_the_output(source, printed, expected):
    found = list(measured_in_print(source, {"stdout": printed}, set(), Lineage([])))
    assert {one.name: one.metric.value for one in found} == expected
    assert all(one.metric.source.is_guess for one in found)


def test_output_that_would_take_a_pattern_forever_is_passed_over():
    source = "print(" + ", ".join(f"f'{{a{place}}} {{roc_auc_score(y, p)}}'" for place in range(9)) + ")"
    assert list(measured_in_print(source, {"stdout": "1 " * 100_000}, set(), Lineage([]))) == []
