import lightgbm
import numpy as np
import pandas as pd
import pytest

from mvlake.errors import NoHandler
from mvlake.handlers.child import ParserFailed, parse_in_child
from mvlake.handlers.lightgbm import handler
from mvlake.handlers.lightgbm_text import BadModel, check_model
from mvlake.testing import HandlerContract

DICE = np.random.default_rng(0)
X = DICE.normal(size=(80, 3))
Y = (X[:, 0] > 0).astype(int)
FRAME = pd.DataFrame({"a": X[:, 0], "kind": pd.Categorical(DICE.integers(0, 8, 80).astype(str))})


class Homemade(lightgbm.LGBMClassifier):
    pass


def classifier(**settings):
    return lightgbm.LGBMClassifier(**{"n_estimators": 2, "n_jobs": 1, "verbose": -1, "min_child_samples": 3} | settings)


def trained(rounds=2):
    return lightgbm.train({"verbose": -1, "num_threads": 1}, lightgbm.Dataset(X, label=Y), rounds)


def categorical():
    target = FRAME.kind.isin(["1", "5"]).astype(int)
    return classifier(max_cat_to_onehot=1, min_data_per_group=1, cat_smooth=0).fit(FRAME, target)


class TestLightGBMHandler(HandlerContract):
    handler = handler

    def examples(self):
        linear = lightgbm.LGBMRegressor(n_estimators=2, n_jobs=1, verbose=-1, linear_tree=True).fit(X, X[:, 1])
        return [classifier(), classifier().fit(X, Y), categorical(), linear, trained()]

    def layouts(self):
        return [(classifier().fit(X, Y), classifier().fit(X.copy(), Y)), (trained(), trained())]

    def different(self):
        return [(classifier(), classifier(num_leaves=5)), (trained(2), trained(3))]

    def mutations(self):
        return [(classifier(), lambda model: model.fit(X, Y)), (trained(), lambda booster: booster.set_leaf_output(0, 0, 9.0))]

    def refused(self):
        return [Homemade(), lightgbm.Dataset(X)]

    def equal(self, a, b):
        if isinstance(a, lightgbm.Booster):
            return np.array_equal(a.predict(X), b.predict(X))
        data = FRAME if vars(a).get("_n_features") == 2 else X
        return type(a) is type(b) and (vars(a)["_Booster"] is None or np.array_equal(a.predict(data), b.predict(data)))


def text(model=None):
    return handler.encode(model or trained()).partition(b"\n")[2]


def test_the_number_of_threads_is_no_part_of_a_model():
    one = lightgbm.train({"verbose": -1, "num_threads": 1, "deterministic": True}, lightgbm.Dataset(X, label=Y), 2)
    assert b"[num_threads: 1]" in text(one)
    other = handler.decode(handler.encode(one).replace(b"[num_threads: 1]", b"[num_threads: 2]"), protocol=1)
    assert b"[num_threads: 2]" in text(other)
    other.params["num_threads"] = 2
    assert handler.fingerprint(one) == handler.fingerprint(other)


def test_rounds_after_the_best_one_are_kept():
    booster = trained(5)
    booster.best_iteration = 2
    restored = handler.decode(handler.encode(booster), protocol=1)
    assert (restored.num_trees(), restored.best_iteration) == (5, 2)


def test_a_custom_objective_is_refused_by_name():
    with pytest.raises(NoHandler, match="objective is a function"):
        handler.encode(classifier(objective=lambda truth, guess: (guess - truth, guess)))


def swapped(line, value):
    found = text().split(b"\n")
    place = next(number for number, one in enumerate(found) if one.startswith(line + b"="))
    return b"\n".join([*found[:place], line + b"=" + value, *found[place + 1 :]])


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (b"num_leaves", b"99999"),
        (b"left_child", b"0 0 0"),
        (b"split_feature", b"700"),
        (b"max_feature_idx", b"0"),
        (b"tree_sizes", b"9 9"),
        (b"num_class", b"0"),
        (b"leaf_value", b""),
        (b"num_cat", b"3"),
        (b"objective", b"multiclass num_class:3"),
    ],
)
def test_a_text_whose_sizes_do_not_fit_is_refused_before_the_native_parser_sees_it(line, value):
    check_model(text())
    with pytest.raises(BadModel):
        check_model(swapped(line, value))


def problem_of(data):
    try:
        handler.decode(data, protocol=1)
    except Exception as error:
        return str(error)
    return ""


def test_two_hundred_damaged_texts_kill_no_process():
    probed, problems, whole = 0, [], text(categorical())
    for number in range(200):
        dice = np.random.default_rng(number)
        damaged = bytearray(whole)
        for _ in range(int(dice.integers(1, 3))):
            damaged[int(dice.integers(0, len(whole)))] = int(dice.choice(list(b"0123456789 -=\n\xff")))
        try:
            check_model(bytes(damaged))
        except (BadModel, UnicodeDecodeError):
            continue
        probed += 1
        if probed <= 25:  # a child each: the rest would only be slow
            head = handler.encode(classifier()).partition(b"\n")[0].replace(b"LGBMClassifier", b"Booster")
            problems.append(problem_of(head + b"\n" + bytes(damaged)))
    assert probed >= 5
    assert not [problem for problem in problems if "crashed" in problem]


def test_a_child_that_crashes_hangs_or_refuses_is_an_error_here():
    with pytest.raises(ParserFailed, match="signal 6"):
        parse_in_child("import os; os.abort()", b"")
    with pytest.raises(ParserFailed, match="did not come to an end"):
        parse_in_child("while True: pass", b"", timeout=0.3)
    with pytest.raises(ParserFailed, match="no way"):
        parse_in_child("raise SystemExit('no way')", b"")
    parse_in_child("import sys; assert sys.stdin.buffer.read() == b'abc'", b"abc")
