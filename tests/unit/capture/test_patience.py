"""One object that cannot be captured costs itself alone, and a class that never can is asked three times."""

import pandas as pd
import pytest

from mvlake.capture.patience import THREE, Patience
from mvlake.errors import Invalid


def fails():
    raise RecursionError


def test_a_class_is_passed_over_after_three_times_and_no_other_is():
    noted = []
    patience = Patience(noted.append)
    said = [patience.attempt(pd.DataFrame(), fails, str) for _ in range(THREE + 2)]
    assert said[:THREE] == ["capturing it raised RecursionError"] * THREE
    assert all("passed over in this session" in one for one in said[THREE:])
    assert len(noted) == THREE
    assert patience.attempt(pd.Series([1]), lambda: "kept", str) == "kept"


@pytest.mark.parametrize("obj", [[1], {"a": 1}, "text", 5, (1,)])
def test_pythons_own_classes_are_asked_every_time(obj):
    patience = Patience()
    for _ in range(THREE + 2):
        assert patience.attempt(obj, fails, str) == "capturing it raised RecursionError"
    assert patience.attempt(obj, lambda: "kept", str) == "kept"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Invalid("x", hint="y")])
def test_an_interrupt_and_an_error_of_ours_go_on(error):
    def raises():
        raise error

    with pytest.raises(type(error)):
        Patience().attempt(pd.DataFrame(), raises, str)
