"""Artifacts that want to run, or to be written elsewhere. The marker is a file that code of the lake would make."""

import contextlib
import pickle
from importlib.util import find_spec
from pathlib import Path

import pytest

from mvlake.errors import DamagedObject, MvlakeError, NoHandler, UntrustedArtifact
from mvlake.records.canonical import canonical
from mvlake.store.hashing import digest_of
from mvlake.store.local import LocalStore

TORCH = ["torch"] if find_spec("torch") else []  # no small build of it exists for every Python: see pyproject.toml

SAFE = ["plain", "text", "picture", "numpy", "pandas", "polars", "pyarrow", "sklearn", "xgboost", "lightgbm", *TORCH, "matplotlib"]


class Bomb:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return Path.touch, (self.marker,)


@pytest.fixture
def marker(tmp_path):
    return tmp_path / "marker"


@pytest.fixture
def bomb(marker):
    data = pickle.dumps(Bomb(marker))
    pickle.loads(data)
    assert marker.exists(), "the bomb must be real"
    marker.unlink()
    return data


@pytest.fixture
def hand(disk, forger):
    return forger(LocalStore(Path(disk.path)))


def plant(hand, data, **changes):
    artifact, objects = hand.artifact(data, **changes)
    hand.version(artifact, objects=objects)


def read_everything(lake):
    """Do all that a user may do with a stranger's lake without a word of trust."""
    lake.log()
    lake.status()
    lake.labels()
    lake.at("2026-03-03")
    shown = lake.show("fraud:v1")
    lake.compare("fraud:v1", "fraud:v1")
    lake.pictures(shown)
    lake.sql("select * from artifacts")
    lake.load_bytes("fraud:v1", shown.entry.version.artifacts[0].name)
    lake.checkout("fraud:v1", into={})
    findings = lake.verify()
    lake.rebuild()
    return findings


def test_a_pickle_runs_nothing_until_it_is_trusted(disk, hand, bomb, marker, tmp_path):
    plant(hand, bomb, handler="opaque")
    assert read_everything(disk).is_clean
    disk.checkout("fraud:v1", to=tmp_path / "out")
    for load in (
        lambda: disk.load("fraud:v1"),
        lambda: disk.load("fraud:v1", "x"),
        lambda: disk.checkout("fraud:v1", ["x"], into={}),
    ):
        with pytest.raises(UntrustedArtifact):
            load()
    assert not marker.exists()
    disk.load("fraud:v1", "x", trust=True)
    assert marker.exists()


@pytest.mark.parametrize("trust", [False, True])
@pytest.mark.parametrize("handler", SAFE)
def test_a_pickle_that_claims_a_safe_handler_is_not_run(disk, hand, bomb, marker, handler, trust):
    plant(hand, bomb, handler=handler)
    if handler == "text":
        assert isinstance(disk.load("fraud:v1", "x", trust=trust), str)
    else:
        with pytest.raises((DamagedObject, NoHandler)):
            disk.load("fraud:v1", "x", trust=trust)
    read_everything(disk)
    assert not marker.exists()


@pytest.mark.parametrize("handler", SAFE)
@pytest.mark.parametrize("protocol", [0, -1, 2**53 - 1])
def test_no_protocol_leads_to_an_unsafe_reader(disk, hand, bomb, marker, handler, protocol):
    plant(hand, bomb, handler=handler, protocol=protocol)
    with contextlib.suppress(MvlakeError):
        assert isinstance(disk.load("fraud:v1", "x"), str)
    assert not marker.exists()


@pytest.mark.parametrize("container", ["npy", "npz", "joblib", "parquet"])
def test_a_pickle_inside_a_container_is_not_run(disk, hand, bomb, marker, container):
    import io

    import numpy as np

    buffer = io.BytesIO()
    objects = np.array([Bomb(marker)], dtype=object)
    if container == "npy":
        np.save(buffer, objects, allow_pickle=True)
    elif container == "npz":
        np.savez(buffer, x=objects)
    elif container == "joblib":
        import joblib

        joblib.dump(Bomb(marker), buffer)
    else:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.table({"x": [bomb]}).replace_schema_metadata({"pandas": "{}", "mvlake": "{}"})
        pq.write_table(table, buffer)
    for handler in SAFE:
        number = len(disk.log("fraud").entries) + 1 if disk.log().entries else 1
        artifact, held = hand.artifact(buffer.getvalue(), handler=handler)
        hand.version(artifact, objects=held, number=number)
        with contextlib.suppress(MvlakeError):
            disk.load(f"fraud:v{number}", "x")
    assert not marker.exists()


@pytest.mark.parametrize(
    "name",
    [
        "../../escaped",
        "/tmp/escaped",
        "..",
        ".",
        "",
        "~/escaped",
        "a\\..\\..\\escaped",
        "C:\\escaped",
        "x\x00y",
        "con",
        ".bashrc",
        "-rf",
        "\n",
        "🐟",
        "x" * 5000,
        "notebook.ipynb",
        "%2e%2e%2f",
        "\uff3c..\uff3c",
        "..\uff0f..\uff0fescaped",
    ],
    ids=ascii,
)
def test_no_name_leads_out_of_the_folder_of_a_checkout(disk, hand, tmp_path, name):
    plant(hand, b'"data"', name=name)
    before = {path for path in tmp_path.rglob("*") if ".mvlake" not in path.parts}
    restored = disk.checkout("fraud:v1", to=tmp_path / "deep" / "out")
    made = {path for path in tmp_path.rglob("*") if ".mvlake" not in path.parts} - before
    assert made == {tmp_path / "deep", tmp_path / "deep" / "out", *(tmp_path / "deep" / "out" / row.name for row in restored.names)}
    assert len(restored.names) == 2
    assert all(not row.name.startswith((".", "-")) for row in restored.names)
    assert not Path("/tmp/escaped").exists()


def test_a_stream_that_is_shown_is_text(disk, hand, bomb, marker):
    plant(hand, bomb, handler="opaque", role="stream", name="stdout")
    assert isinstance(disk.show("fraud:v1").dossier.streams["stdout"], str)
    assert not marker.exists()


@pytest.mark.parametrize(
    "summary",
    [
        b"",
        b"garbage \xff",
        b"null",
        b"[]",
        b"{}",
        b'{"kind":"later"}',
        b'{"kind":"frame"}',
        b'{"kind":"value","type":5,"text":"","length":1}',
        b"[" * 100_000,
        b'{"kind":["frame"]}',
        b'{"a":1,"a":2}',
        b"1" * 5000,
        b'{"kind":"figure","type":"x","media_type":"y","width":"1"}',
    ],
    ids=lambda data: ascii(data[:20]),
)
def test_a_summary_that_is_none_is_said_and_the_rest_is_shown(disk, hand, as_json, summary):
    from mvlake.view.html import page
    from mvlake.view.text import as_text

    plant(hand, b"[1]", summary=summary)
    shown = disk.show("fraud:v1")
    assert any("summary of x" in problem for problem in shown.dossier.problems)
    assert shown.dossier.sources == ("x = 1",)
    assert as_json(shown)["problems"]
    assert as_text(shown)
    assert page(shown, "show")
    assert as_text(disk.compare("fraud:v1", "fraud:v1"))
    assert disk.load("fraud:v1", "x") == [1]


@pytest.mark.parametrize("environment", [b"", b"null", b'{"python":5}', b"\xff", b"[" * 100_000], ids=lambda data: ascii(data[:20]))
def test_an_environment_that_is_none_is_said(disk, hand, environment):
    artifact, objects = hand.artifact(b"1")
    hand.version(artifact, objects={**objects, "environment": environment}, environment=str(digest_of(environment)))
    dossier = disk.show("fraud:v1").dossier
    assert dossier.environment is None
    assert any("environment" in problem for problem in dossier.problems)
    assert disk.compare("fraud:v1", "fraud:v1")


def test_code_that_is_no_text_is_shown_as_what_can_be_read(disk, hand):
    source = b"x = '\xff\xfe'"
    hand.version(objects={"source": source}, cells=[{"source": str(digest_of(source)), "is_tracked": True}])
    assert disk.show("fraud:v1").dossier.sources[0].startswith("x = '")


def test_objects_of_another_lake_are_only_bytes(disk, hand, bomb, marker):
    """Records that are fine, and objects that say they are records, settings or packs."""
    for number, data in enumerate([bomb, canonical({"format": 99}), b'format = 99\nid = "x"', b"MVPACK1\n", b"\x7fELF"], 1):
        artifact, objects = hand.artifact(data, handler="text")
        hand.version(artifact, objects=objects, number=number)
        assert isinstance(disk.load(f"fraud:v{number}", "x"), str)
    assert disk.verify().is_clean
    assert not marker.exists()
