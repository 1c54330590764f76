import io
import json
import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import skops.io
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC

from mvlake.handlers import skops_archive
from mvlake.handlers.lookup import handler_named
from mvlake.handlers.sklearn import handler
from mvlake.handlers.sklearn_bounds import OutOfBounds
from mvlake.handlers.skops_archive import BadArchive

DICE = np.random.default_rng(0)
X = DICE.normal(size=(40, 3))
Y = (X[:, 0] > 0).astype(int)


class Bomb:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return (open, (str(self.marker), "w"))


@pytest.mark.parametrize("name", ["sklearn", "xgboost", "lightgbm", "torch", "matplotlib"])
def test_a_pickle_under_another_name_is_an_error_and_does_not_run(name, tmp_path):
    marker, bomb = tmp_path / "ran", pickle.dumps(Bomb(tmp_path / "ran"))
    inert = handler_named(name)
    assert inert.is_inert
    head = b'{"attributes":{},"class":"Booster"}\n'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("schema.json", bomb)
        file.writestr("data.pkl", bomb)
    for data in (bomb, head + bomb, buffer.getvalue(), len(bomb).to_bytes(8, "little") + bomb):
        with pytest.raises(Exception):  # noqa: B017 - each library has its own
            inert.decode(data, protocol=1)
    assert not marker.exists()


def edited(model, edit):
    archive = skops_archive.read(handler.encode(model))
    schema, members = json.loads(json.dumps(archive.schema)), dict(archive.members)
    edit(schema, members)
    return skops_archive.write(skops_archive.Archive(schema, members))


def nodes(value, loader):
    if isinstance(value, dict):
        if value.get("__loader__") == loader:
            yield value
        for item in value.values():
            yield from nodes(item, loader)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item, loader)


def becomes(**fields):
    def edit(schema, members):
        node = next(nodes(schema, "FunctionNode"))
        node.update(fields)

    return edit


@pytest.mark.parametrize(
    "fields",
    [
        {"__module__": "os", "__class__": "system"},
        {"__module__": "builtins", "__class__": "eval"},
        {"__module__": "numpy", "__class__": "load"},
        {"__loader__": "TypeNode", "__module__": "sklearn.datasets", "__class__": "fetch_openml"},
        {"__loader__": "OperatorFuncNode", "__module__": "operator", "__class__": "methodcaller"},
        {"__loader__": "MethodNode"},
        {"__loader__": "CachedNode"},
        {"__loader__": "ConstructorFromReduceNode", "__module__": "sklearn.tree._tree", "__class__": "Tree", "content": {}},
        {"__loader__": "ObjectNode", "__module__": "scipy.stats._distn_infrastructure", "__class__": "rv_continuous_frozen"},
        {"__loader__": ["FunctionNode"]},
    ],
)
def test_a_name_out_of_its_place_is_refused(fields):
    with pytest.raises(BadArchive):
        handler.decode(edited(FunctionTransformer(np.log1p), becomes(**fields)), protocol=1)


def test_what_the_archive_says_of_trust_is_not_heard():
    def edit(schema, members):
        schema["trusted"] = ["os.system"]
        next(nodes(schema, "FunctionNode")).update(__module__="os", __class__="system")

    with pytest.raises(BadArchive, match=r"os\.system is not trusted"):
        handler.decode(edited(FunctionTransformer(np.log1p), edit), protocol=1)


def test_one_id_for_two_things_is_refused():
    archive = skops_archive.read(handler.encode(LogisticRegression().fit(X, Y)))
    first, second = list(nodes(archive.schema, "NdArrayNode"))[:2]
    second["__id__"] = first["__id__"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in (*archive.members.items(), ("schema.json", json.dumps(archive.schema))):
            file.writestr(name, content)
    with pytest.raises(BadArchive, match="one id for two things"):
        handler.decode(buffer.getvalue(), protocol=1)


def test_a_compressed_archive_is_no_archive_of_ours():
    with pytest.raises(BadArchive, match="compressed"):
        handler.decode(skops.io.dumps(LogisticRegression(), compression=zipfile.ZIP_DEFLATED), protocol=1)


def test_no_pickle_hides_in_an_array(tmp_path):
    array = np.empty(1, dtype=object)
    array[0] = Bomb(tmp_path / "ran")
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)

    def edit(schema, members):
        members[next(nodes(schema, "NdArrayNode"))["file"]] = buffer.getvalue()

    with pytest.raises(ValueError, match="allow_pickle"):
        handler.decode(edited(LogisticRegression().fit(X, Y), edit), protocol=1)
    assert not (tmp_path / "ran").exists()


def with_array(members, wanted, change):
    for name, content in members.items():
        array = np.load(io.BytesIO(content)).copy() if name.endswith(".npy") else np.zeros(0)
        if array.dtype.names is not None and wanted in array.dtype.names:
            change(array)
            buffer = io.BytesIO()
            np.save(buffer, array)
            members[name] = buffer.getvalue()


def put(field, value):
    return lambda schema, members: with_array(members, field, lambda array: array[field].__setitem__(0, value))


def shorten(schema, members):
    next(nodes(schema, "TreeNode"))["content"]["content"]["node_count"]["content"] = "100000"


FOREST = RandomForestClassifier(n_estimators=1, random_state=0).fit(X, Y)
NEIGHBOURS = KNeighborsClassifier(algorithm="kd_tree", leaf_size=5).fit(X, Y)
BOOSTED = HistGradientBoostingClassifier(max_iter=2, min_samples_leaf=2).fit(X, Y)


@pytest.mark.parametrize(
    ("model", "edit"),
    [
        (FOREST, put("left_child", 10**9)),
        (FOREST, put("left_child", 0)),
        (FOREST, put("feature", 7)),
        (FOREST, put("feature", -3)),
        (FOREST, shorten),
        (NEIGHBOURS, put("idx_end", 10**9)),
        (NEIGHBOURS, put("idx_start", -1)),
        (BOOSTED, put("left", 10**6)),
        (BOOSTED, put("feature_idx", 99)),
    ],
)
def test_an_index_beyond_its_array_is_refused_before_anyone_predicts(model, edit):
    with pytest.raises((OutOfBounds, BadArchive)):
        handler.decode(edited(model, edit), protocol=1)


_FUZZ = """
import sys, warnings
import numpy as np
warnings.simplefilter("ignore")
from mvlake.handlers import skops_archive
from mvlake.handlers.sklearn import handler
from pathlib import Path
X, opened, refused = np.random.default_rng(0).normal(size=(20, 3)), 0, 0
for path in sys.argv[1:]:
    archive = skops_archive.read(Path(path).read_bytes())
    arrays = sorted(name for name, content in archive.members.items() if len(content) > 128)
    for number in range(50):
        dice, members = np.random.default_rng(number), dict(archive.members)
        for _ in range(int(dice.integers(1, 6))):
            name = arrays[int(dice.integers(0, len(arrays)))]
            damaged = bytearray(members[name])
            damaged[int(dice.integers(120, len(damaged)))] = int(dice.choice([0, 1, 5, 127, 255]))
            members[name] = bytes(damaged)
        damaged = skops_archive.write(skops_archive.Archive(archive.schema, members))
        try:
            model = handler.decode(bytes(damaged), protocol=1)
        except Exception:
            refused += 1
            continue
        opened += 1
        try:
            model.predict(X)
        except Exception:
            pass
print(opened, refused)
"""


def test_two_hundred_damaged_archives_kill_no_process(tmp_path):
    models = [FOREST, NEIGHBOURS, GradientBoostingClassifier(n_estimators=3).fit(X, Y), SVC().fit(X, Y)]
    paths = [tmp_path / str(number) for number in range(len(models))]
    for path, model in zip(paths, models, strict=True):
        path.write_bytes(handler.encode(model))
    done = subprocess.run([sys.executable, "-c", _FUZZ, *map(str, paths)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    opened, refused = map(int, done.stdout.split())
    assert opened + refused == 200
    assert opened > 10
    assert refused > 10


_BYTES = """
import sys, warnings
from pathlib import Path
import numpy as np
warnings.simplefilter("ignore")
from mvlake.handlers.lookup import handler_named
handler, whole, outcomes = handler_named(sys.argv[1]), Path(sys.argv[2]).read_bytes(), [0, 0]
for number in range(200):
    dice, damaged = np.random.default_rng(number), bytearray(whole)
    for _ in range(int(dice.integers(1, 4))):
        damaged[int(dice.integers(0, len(damaged)))] = int(dice.integers(0, 256))
    try:
        handler.decode(bytes(damaged), protocol=1)
        outcomes[0] += 1
    except Exception:
        outcomes[1] += 1
print(*outcomes)
"""


def tensors():
    from safetensors.numpy import save

    about = '{"kind":"tensor","names":["tensor"],"learning":[]}'
    return save({"tensor": np.arange(40.0)}, metadata={"mvlake": about})


def boosters():
    import xgboost

    return handler_named("xgboost").encode(xgboost.XGBClassifier(n_estimators=2, n_jobs=1).fit(X, Y))


@pytest.mark.parametrize(("name", "make"), [("torch", tensors), ("xgboost", boosters)])
def test_two_hundred_damaged_files_kill_no_process(name, make, tmp_path):
    (tmp_path / "whole").write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", _BYTES, name, str(tmp_path / "whole")], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert sum(map(int, done.stdout.split())) == 200
