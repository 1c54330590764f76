import pytest

from mvlake.lake.handed import Handed, Taken, handed_to

X, Y = Taken("X_test"), Taken("y_test")


@pytest.mark.parametrize(
    "source",
    [
        "m.score(X_test, y_test)",
        "m.score(X=X_test, y=y_test)",
        "accuracy_score(y_test, m.predict(X_test))",
        "p = m.predict(X_test)\nmetrics.f1_score(y_test, p)",
        "p = m.predict_proba(X_test)[:, 1]\nauc = roc_auc_score(y_true=y_test.values, y_score=p)",
        "rmse = np.sqrt(mean_squared_error(y_test.to_numpy(), m.predict(X_test.values)))",
        "p = m.predict(X_test)\nhit = (p == y_test).mean()",
        "d = xgb.DMatrix(X_test, label=y_test)\nm.predict(d)",
        "m.predict(xgb.DMatrix(data=X_test, label=y_test))",
    ],
)
def test_data_and_truth_are_what_a_cell_hands_over(source):
    assert handed_to([source], "m")[0] == Handed(X, (Y,))


@pytest.mark.parametrize(
    ("source", "data", "truth"),
    [
        ('m.score(df[["a", "b"]], df["y"])', Taken("df", ("a", "b")), Taken("df", ("y",), is_series=True)),
        ('features = ["a", "b"]\nm.score(df[features], df.y.values)', Taken("df", ("a", "b")), Taken("df", ("y",), is_series=True)),
        ('m.score(df.drop(columns=["y"]), df["y"])', Taken("df", None, ("y",)), Taken("df", ("y",), is_series=True)),
        ('m.score(df.drop("y", axis=1), df["y"])', Taken("df", None, ("y",)), Taken("df", ("y",), is_series=True)),
        ('m.predict(df["text"])', Taken("df", ("text",), is_series=True), None),
    ],
)
def test_columns_of_a_frame_are_understood(source, data, truth):
    assert handed_to([source], "m") == (Handed(data, (truth,) if truth else ()),)


def test_what_is_computed_on_the_way_is_not_guessed():
    for source in (
        "m.predict(f(X_test))",
        "m.predict(X_test[:5])",
        "m.predict(X_test + 1)",
        "other.predict(X_test)",
        "m.predict()",
    ):
        assert handed_to([source], "m") == ()
    assert handed_to(["m.predict(X_test)\nf(y_test)\nmax(y_test, 1)"], "m") == (Handed(X),)


def test_what_a_function_is_given_beside_the_model_is_data_and_truth():
    source = "evaluate(m, X_test, y_test)\nplot(X_test, m)\nf(m, 1)"
    assert handed_to([source], "m") == ()
    assert handed_to([source], "m", is_beside=True) == (Handed(X, (Y,)),)


def test_texts_that_are_no_python_hand_over_nothing():
    assert handed_to(["m.predict(((", "%%bash\nm.predict(X)"], "m") == ()
