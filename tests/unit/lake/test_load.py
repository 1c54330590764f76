import sys
from importlib.util import find_spec

import pytest

from mvlake.errors import (
    AmbiguousArtifact,
    ArtifactNotFound,
    DamagedObject,
    MissingObject,
    NoHandler,
    ProtocolTooNew,
    UntrustedArtifact,
)
from mvlake.records.artifact import Role
from mvlake.store.keys import object_key

TORCH = ["torch"] if find_spec("torch") else []  # no small build of it exists for every Python: see pyproject.toml

PLAIN = [None, True, 3, 2**80, 0.1, float("inf"), "text", "", b"\x00", (1, [2]), {"b": 1, "a": {2}}, [], {}]


class Local:
    """A class of the notebook: only a pickle can keep it."""

    def __init__(self, value):
        self.value = value


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_a_plain_value_comes_back_as_it_was(lake, commit, value):
    commit(lake, outputs={"x": value})
    found = lake.load("fraud:v1", "x")
    assert found == value
    assert type(found) is type(value)


def test_arrays_frames_and_models_come_back(lake, commit):
    np, pd = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    from sklearn.linear_model import LogisticRegression

    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": list("xyxy")}, index=[3, 1, 2, 0])
    array = np.arange(12).reshape(3, 4)
    model = LogisticRegression(C=0.3).fit(frame[["a"]], [0, 1, 0, 1])
    commit(lake, inputs={"df": frame}, outputs={"array": array, "model": model})
    pd.testing.assert_frame_equal(lake.load("fraud", "df"), frame)
    assert (lake.load("fraud", "array") == array).all()
    assert (lake.load("fraud").predict_proba(frame[["a"]]) == model.predict_proba(frame[["a"]])).all()
    roles = {one.name: one.role for one in lake.show("fraud").entry.version.artifacts}
    assert roles == {"df": Role.INPUT, "array": Role.OUTPUT, "model": Role.MODEL}


def test_a_figure_comes_back_as_a_picture(lake, commit):
    matplotlib = pytest.importorskip("matplotlib.figure")
    figure = matplotlib.Figure()
    figure.subplots().plot([1, 2])
    commit(lake, outputs={"plot": figure})
    (artifact,) = lake.show("fraud").entry.version.artifacts
    assert artifact.role is Role.FIGURE
    assert lake.load_bytes("fraud", "plot").startswith(b"\x89PNG")
    assert lake.load("fraud", "plot") is not None


def test_without_a_name_the_model_is_meant_then_the_one_output(lake, commit):
    commit(lake, depth=1, outputs={"x": 1}, models={"m": 2}, inputs={"i": 3})
    assert lake.load("fraud") == 2
    commit(lake, depth=2, outputs={"x": 1}, inputs={"i": 3})
    assert lake.load("fraud") == 1
    commit(lake, depth=3, outputs={"x": 1, "y": 2})
    with pytest.raises(AmbiguousArtifact) as raised:
        lake.load("fraud")
    assert set(raised.value.candidates) == {"x", "y"}
    commit(lake, depth=4, models={"m": 1, "n": 2})
    with pytest.raises(AmbiguousArtifact):
        lake.load("fraud")
    commit(lake, depth=5, inputs={"i": 3})
    with pytest.raises(ArtifactNotFound) as missing:
        lake.load("fraud")
    assert "i" in missing.value.existing


def test_a_setting_or_result_that_the_record_tells_is_loaded_by_name(lake, commit):
    commit(lake, params={"depth": 3, "x": 1}, metrics={"auc": 0.5}, outputs={"x": "kept"})
    assert [lake.load("fraud", name) for name in ("depth", "auc", "x")] == [3, 0.5, "kept"]


def test_a_name_that_is_input_and_output_means_the_state_after(lake, commit):
    commit(lake, inputs={"x": "before"}, outputs={"x": "after"})
    assert lake.load("fraud", "x") == "after"


@pytest.mark.parametrize("name", ["y", "", "a/b", "../x", "🐟", "x" * 500, "X"])
def test_a_wrong_name_lists_those_there_are(lake, commit, name):
    commit(lake, outputs={"x": 1, "other": 2})
    with pytest.raises(ArtifactNotFound) as raised:
        lake.load("fraud", name)
    assert raised.value.existing == ("depth", "other", "x")
    assert "depth, other, x" in str(raised.value)
    assert len(str(raised.value)) < 400


def test_what_only_a_pickle_can_keep_needs_an_explicit_word_each_time(lake, commit):
    commit(lake, outputs={"thing": Local(5)})
    for _ in range(2):
        with pytest.raises(UntrustedArtifact) as raised:
            lake.load("fraud", "thing")
        assert "trust=True" in str(raised.value)
        assert lake.load("fraud", "thing", trust=True).value == 5


def test_the_bytes_of_a_pickle_can_be_had_without_trust(lake, commit):
    commit(lake, outputs={"thing": Local(5)})
    assert b"Local" in lake.load_bytes("fraud", "thing")


def test_what_a_handler_refuses_is_pickled_and_says_so(lake, commit):
    endless = [Local(1)]
    commit(lake, outputs={"x": endless})
    shown = lake.show("fraud")
    (artifact,) = shown.entry.version.artifacts
    assert artifact.handler == "opaque"
    assert shown.dossier.summaries[artifact.summary].reason


def test_damaged_and_missing_content_is_said(lake, commit):
    commit(lake, outputs={"x": 1})
    store, artifact = lake._parts.store, lake.show("fraud").entry.version.artifacts[0]
    (pack,) = [key for key in store.keys("objects/") if key.endswith(".pack")]
    data = store.get(pack)
    store.put_hint(pack, data.replace(b"MVPACK1\n1", b"MVPACK1\n2") if b"MVPACK1\n1" in data else bytes(len(data)))
    with pytest.raises((DamagedObject, MissingObject)):
        lake.load("fraud", "x")
    assert object_key(artifact.object)


def forged(lake, forger, data=b"1", **changes):
    hand = forger(lake._parts.store)
    artifact, objects = hand.artifact(data, **changes)
    hand.version(artifact, objects=objects)


@pytest.mark.parametrize(
    "handler", ["pandas", "numpy", "sklearn", "xgboost", "lightgbm", *TORCH, "polars", "pyarrow", "plain", "picture", "text"]
)
@pytest.mark.parametrize("data", [b"", b"garbage \xff\x00", b"PK\x03\x04", b"\x80\x05N."], ids=repr)
def test_bytes_that_a_handler_did_not_write_are_damage(lake, forger, handler, data):
    forged(lake, forger, data, handler=handler)
    if (handler, data) == ("text", b""):
        assert lake.load("fraud", "x") == ""
        return
    if handler == "text":
        assert isinstance(lake.load("fraud", "x"), str)
        return
    with pytest.raises((DamagedObject, NoHandler)) as raised:
        lake.load("fraud", "x")
    assert handler in str(raised.value)


@pytest.mark.parametrize("handler", ["nobody", "", "../x", "os", "builtins.eval", "x" * 500])
def test_a_handler_that_is_not_installed_is_said(lake, forger, handler):
    forged(lake, forger, handler=handler)
    with pytest.raises(NoHandler):
        lake.load("fraud", "x")
    with pytest.raises(NoHandler):
        lake.load("fraud", "x", trust=True)


def test_a_later_protocol_says_to_upgrade(lake, forger):
    forged(lake, forger, protocol=99)
    with pytest.raises(ProtocolTooNew):
        lake.load("fraud", "x")


def test_loading_plain_values_imports_no_library(tmp_path, commit):
    import subprocess

    from mvlake.lake.lake import Lake

    commit(Lake.open(tmp_path), outputs={"x": [1, 2]})
    program = (
        "import sys; from mvlake import Lake; "
        f"assert Lake.open({str(tmp_path)!r}, create=False).load('fraud', 'x') == [1, 2]; "
        "print([one for one in ('pandas', 'numpy', 'pyarrow', 'duckdb', 'IPython', 'rich', 'sklearn') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
