import inspect
from pathlib import Path

import pytest

from mvlake.errors import Invalid, MvlakeError
from mvlake.lake.lake import Lake
from mvlake.lake.verbs import BY_NAME

WRONG = [3.5, b"x", object(), {"a": 1}, [7]]
ALSO = {"open", "load_bytes", "latest"}  # the rest of what people call; what capture calls takes drafts and live objects


def cases():
    for name, method in inspect.getmembers(Lake):
        if name not in BY_NAME and name not in ALSO:
            continue
        for argument in inspect.signature(method).parameters.values():
            if argument.name not in ("self", "tell", "into") and not isinstance(argument.default, bool):
                yield name, argument.name


@pytest.fixture(scope="module")
def lake():
    return Lake.in_memory()


def ask(lake, verb, given):
    """Call a verb; what it takes any number of has no keyword."""
    return getattr(lake, verb)(
        *(given[name] for name in given if name == "refs"), **{k: v for k, v in given.items() if k != "refs"}
    )


@pytest.mark.parametrize(("verb", "argument"), list(cases()))
@pytest.mark.parametrize("value", WRONG, ids=lambda value: type(value).__name__)
def test_whatever_python_is_given_an_error_of_ours_says_what_is_wanted(lake, verb, argument, value):
    parameters = inspect.signature(getattr(lake, verb)).parameters.values()
    given = {one.name: "fraud:v1" for one in parameters if one.default is one.empty} | {argument: value}
    if verb == "verify" and argument == "sample" and value == 3.5:
        given["sample"] = [3.5]  # a number is a share
    with pytest.raises(MvlakeError) as raised:
        ask(lake, verb, given)
    if isinstance(raised.value, Invalid) and raised.value.message.startswith(f"{verb}: "):
        assert argument in raised.value.message
        assert raised.value.hint


@pytest.mark.parametrize("verb", [verb for verb in BY_NAME if verb not in ("init", "help")])
def test_a_flag_is_true_or_false(lake, verb):
    flags = [one.name for one in inspect.signature(getattr(lake, verb)).parameters.values() if isinstance(one.default, bool)]
    parameters = inspect.signature(getattr(lake, verb)).parameters.values()
    given = {one.name: "fraud:v1" for one in parameters if one.default is one.empty}
    for flag in flags:
        with pytest.raises(Invalid, match=f"{verb}: {flag} is True or False, not str"):
            ask(lake, verb, given | {flag: "no"})


def test_what_is_near_enough_is_taken(lake, tmp_path):
    np, pd = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    assert lake.log(limit=np.int64(3)).entries == ()
    with pytest.raises(MvlakeError, match="no version"):
        lake.load("fraud:v1", columns=pd.DataFrame({"x": [1]}).columns)
    with pytest.raises(MvlakeError, match="no version"):
        lake.export("fraud:v1", to=Path(tmp_path) / "x")


def test_a_missing_argument_is_pythons_to_say(lake):
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'ref'"):
        lake.show()
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        lake.log(nmae="x")
