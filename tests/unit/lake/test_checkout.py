import json
import sys

import pytest

from mvlake.errors import ArtifactNotFound, Invalid, UntrustedArtifact


class Local:
    """A class of the notebook: only a pickle can keep it."""


@pytest.fixture
def made(lake, commit):
    commit(
        lake, inputs={"df": [1, 2]}, outputs={"x": 1, "thing": Local(), "accuracy plot": "no variable"}, models={"model": {"w": 2}}
    )
    return lake


def rows(restored):
    return {row.name: row for row in restored.names}


def test_variables_come_back_and_what_they_replace_is_said(made):
    space = {"x": "mine", "other": "kept"}
    restored = made.checkout("fraud:v1", ["x", "model"], into=space)
    assert space == {"x": 1, "model": {"w": 2}, "other": "kept"}
    assert restored.ref == "fraud:v1"
    assert rows(restored)["x"].replaced
    assert not rows(restored)["model"].replaced


def test_without_names_all_that_can_come_back_does(made):
    space = {}
    restored = rows(made.checkout("fraud:v1", into=space))
    assert space == {"depth": 1, "df": [1, 2], "x": 1, "model": {"w": 2}}
    assert "pickle" in restored["thing"].problem or "opaque" in restored["thing"].problem
    assert not restored["thing"].replaced
    assert "accuracy plot" not in restored


def test_settings_and_results_that_the_record_tells_come_back(lake, commit):
    commit(lake, params={"depth": 3, "lr": 0.1, "layers": (64, 32)}, metrics={"auc": 0.75})
    space = {"depth": 9}
    restored = rows(lake.checkout("fraud", into=space))
    assert space == {"depth": 3, "lr": 0.1, "layers": (64, 32), "auc": 0.75}
    assert type(space["layers"]) is tuple
    assert (restored["depth"].handler, restored["depth"].replaced) == ("parameter", True)
    assert lake.checkout("fraud", ["lr"], into=space).names[0].name == "lr"


def test_a_setting_that_is_no_plain_value_is_no_variable(lake, forger):
    hand = forger(lake._parts.store)
    hand.version(params=[{"name": "evil", "value": {"$": "eval", "v": "1"}, "source": "literal"}])
    space = {}
    lake.checkout("fraud", into=space)
    assert space == {}


def test_with_trust_what_runs_code_comes_back_too(made):
    space = {}
    made.checkout("fraud:v1", into=space, trust=True)
    assert isinstance(space["thing"], Local)


@pytest.mark.parametrize(
    ("names", "error"),
    [(["x", "nothing"], ArtifactNotFound), (["x", "thing"], UntrustedArtifact), (["thing", "x"], UntrustedArtifact)],
)
def test_of_names_all_come_back_or_none(made, names, error):
    space = {"x": "mine"}
    with pytest.raises(error):
        made.checkout("fraud:v1", names, into=space)
    assert space == {"x": "mine"}


def test_a_wrong_name_lists_the_variables(made):
    with pytest.raises(ArtifactNotFound) as raised:
        made.checkout("fraud:v1", ["y"], into={})
    assert raised.value.existing == ("depth", "df", "model", "thing", "x")


def test_names_of_python_itself_come_back_only_by_name(lake, commit):
    commit(lake, outputs={"__builtins__": {}, "__name__": "x", "class": 1, "y": 2})
    space = {"__name__": "mine"}
    lake.checkout("fraud", into=space)
    assert space == {"__name__": "mine", "y": 2, "depth": 1}
    lake.checkout("fraud", ["__name__"], into=space)
    assert space["__name__"] == "x"


def test_without_a_namespace_the_main_module_is_meant(made, monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "df", "before", raising=False)
    made.checkout("fraud:v1", ["df"])
    assert sys.modules["__main__"].df == [1, 2]


def test_a_folder_gets_the_notebook_and_every_artifact(made, tmp_path):
    restored = made.checkout("fraud:v1", to=tmp_path / "out")
    files = {path.name: path for path in (tmp_path / "out").iterdir()}
    assert set(files) == {row.name for row in restored.names}
    assert files["notebook.ipynb"]
    assert len(files) == 7
    assert files["requirements.txt"].read_text().startswith("# CPython 3.")
    assert json.loads(files["x-output.json"].read_text()) == 1
    notebook = json.loads(files["notebook.ipynb"].read_text())
    assert [cell["source"] for cell in notebook["cells"]] == ["df = read()", "%%track fraud\nmodel = fit(df)"]
    assert notebook["nbformat"] == 4


def test_a_notebook_in_a_folder_is_valid(made, tmp_path):
    nbformat = pytest.importorskip("nbformat")
    made.checkout("fraud:v1", to=tmp_path / "out")
    nbformat.validate(nbformat.read(tmp_path / "out" / "notebook.ipynb", as_version=4))


def test_a_folder_gets_what_was_named_alone(made, tmp_path):
    made.checkout("fraud:v1", ["x"], to=str(tmp_path / "out"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["x-output.json"]


def test_nothing_that_is_there_is_replaced(made, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x-output.json").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "full")
    for place in ("full", "file", "link"):
        with pytest.raises(Invalid) as raised:
            made.checkout("fraud:v1", to=tmp_path / place)
        assert "new folder" in str(raised.value)
    assert (tmp_path / "full" / "x-output.json").read_text() == "mine"
    assert (tmp_path / "file").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    assert made.checkout("fraud:v1", to=tmp_path / "empty").folder == str(tmp_path / "empty")


def test_a_place_where_no_folder_can_be_is_said(made, tmp_path):
    (tmp_path / "file").write_text("mine")
    for place in ("file/deeper", "x" * 300):
        with pytest.raises(Invalid):
            made.checkout("fraud:v1", to=tmp_path / place)


def test_a_wrong_name_makes_no_folder(made, tmp_path):
    with pytest.raises(ArtifactNotFound):
        made.checkout("fraud:v1", ["y"], to=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_artifacts_whose_names_become_one_file_name_are_all_written(lake, commit, tmp_path):
    commit(lake, outputs={"a b": 1, "a/b": 2, "a-b": 3, "A-b": 4, "🐟": 5, "🐠": 6, "": 7})
    restored = lake.checkout("fraud", to=tmp_path / "out")
    files = [path for path in (tmp_path / "out").iterdir() if path.suffix == ".json"]
    assert sorted(int(path.read_text()) for path in files) == [1, 2, 3, 4, 5, 6, 7]
    assert len({row.name.lower() for row in restored.names}) == len(restored.names) == 9


def test_content_that_cannot_be_written_out_leaves_no_half_folder(lake, forger, tmp_path):
    hand = forger(lake._parts.store)
    good, objects = hand.artifact(b"1", name="good")
    lost, _ = hand.artifact(b"2", name="lost")
    hand.version(good, lost, objects=objects)
    from mvlake.errors import MvlakeError

    with pytest.raises(MvlakeError):
        lake.checkout("fraud", to=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_bytes_of_a_handler_that_is_not_installed_are_written_out(lake, forger, tmp_path):
    hand = forger(lake._parts.store)
    artifact, objects = hand.artifact(b"data", handler="from-the-future")
    hand.version(artifact, objects=objects)
    lake.checkout("fraud", to=tmp_path / "out")
    assert (tmp_path / "out" / "x-output.bin").read_bytes() == b"data"
