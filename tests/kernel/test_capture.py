import json

from mvlake.lake.lake import Lake


def lake_of(kernel):
    return Lake.open(kernel.folder / "lake", create=False)


def shown(kernel, ref):
    return lake_of(kernel).show(ref)


TRAIN = """%%track fraud -m "first"
depth = 3
model = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(X, y)
accuracy = accuracy_score(y, model.predict(X))
"""


def prepared(kernel):
    kernel.run(
        "from sklearn.datasets import load_iris\nfrom sklearn.metrics import accuracy_score\nfrom sklearn.tree import DecisionTreeClassifier"
    )
    kernel.run("X, y = load_iris(return_X_y=True, as_frame=True)")
    return kernel


def test_a_cell_becomes_a_version_with_everything_that_made_it(kernel):
    prepared(kernel)
    kernel.run("unrelated = 1")
    ran = kernel.run(TRAIN)
    assert ran.shown == []
    assert ran.cards[0].startswith("fraud:v1")
    dossier = shown(kernel, "fraud:v1").dossier
    version = dossier.version
    assert dossier.sources[-1] == TRAIN
    assert [source.split("\n")[0][:20] for source in dossier.sources[:-1]] == ["from sklearn.dataset", "X, y = load_iris(ret"]
    assert {(one.role, one.name) for one in version.artifacts} >= {("input", "X"), ("input", "y"), ("model", "model")}
    params = {one.name: one.value for one in version.params}
    assert params["depth"] == 3
    assert params["model.max_depth"] == 3
    assert {one.name: one.function for one in version.metrics} == {"accuracy": "accuracy_score"}
    assert version.message == "first"
    assert set(version.names.bound) == {"accuracy", "depth", "model"}
    assert {"X", "y"} <= set(version.names.read)
    assert dossier.environment.packages["scikit-learn"]
    assert version.notebook == ""


def test_the_same_again_confirms_and_a_change_makes_a_new_version(kernel):
    prepared(kernel)
    kernel.run(TRAIN)
    again = kernel.run(TRAIN)
    assert "confirms fraud:v1" in again.cards[0]
    changed = kernel.run(TRAIN.replace("depth = 3", "depth = 1"))
    assert "fraud:v2" in changed.cards[0]
    assert "depth" in changed.cards[0]
    history = lake_of(kernel).log("fraud")
    assert [entry.ref for entry in history.entries] == ["fraud:v2", "fraud:v1"]
    assert history.entries[1].confirmations == 1
    assert history.entries[0].version.parent == 1


def test_data_changed_in_place_is_kept_before_and_after(kernel):
    kernel.run("import pandas as pd, numpy as np\ndf = pd.DataFrame({'a': [1, 2, 3]})\narr = np.zeros(3)\nbox = [1, [2]]")
    kernel.run("%%track changes\ndf['b'] = df['a'] * 2\narr[0] = 5\nbox[1].append(3)")
    lake = lake_of(kernel)
    version = lake.show("changes:v1").entry.version
    assert set(version.names.mutated) == {"df", "arr", "box"}
    assert list(lake.load("changes:v1", "df").columns) == ["a", "b"]
    before = next(one for one in version.artifacts if one.name == "df" and one.role == "input")
    after = next(one for one in version.artifacts if one.name == "df" and one.role == "output")
    assert before.digest != after.digest
    assert lake.load("changes:v1", "box") == [1, [2, 3]]


def test_reading_alone_is_no_mutation(kernel):
    kernel.run("import pandas as pd\ndf = pd.DataFrame({'a': [1, 2, 3]})\nmodel = {'w': [1.0]}")
    kernel.run("%%track looks\nmean = df['a'].mean()\nhead = df.head()\nsize = len(model)")
    assert shown(kernel, "looks:v1").entry.version.names.mutated == ()


def test_functions_of_the_notebook_come_with_the_cells_they_need(kernel):
    kernel.run("factor = 3")
    kernel.run("def scale(values):\n    return [v * factor for v in values]")
    kernel.run("other = 9")
    kernel.run("%%track scaled\nout = scale([1, 2])")
    dossier = shown(kernel, "scaled:v1").dossier
    assert [source.split("\n")[0] for source in dossier.sources] == ["factor = 3", "def scale(values):", "%%track scaled"]


def test_what_it_prints_and_shows_is_kept(kernel):
    kernel.run("import matplotlib.pyplot as plt")
    kernel.run("%%track shows\nprint('epoch 1')\nplt.figure(figsize=(1, 1))\nplt.plot([1, 2])\nplt.show()\nprint('done')")
    answer = shown(kernel, "shows:v1")
    assert answer.dossier.streams == {"stdout": "epoch 1\ndone\n"}
    picture = lake_of(kernel).load("shows:v1", "figure-1")
    assert picture.data.startswith(b"\x89PNG")


def test_an_awaiting_cell_is_captured_whole(kernel):
    kernel.run("import asyncio")
    kernel.run("%%track waits\nawait asyncio.sleep(0.01)\nprint('waited')\nscore = await asyncio.sleep(0, result=0.5)")
    answer = shown(kernel, "waits:v1")
    assert answer.dossier.streams == {"stdout": "waited\n"}


def test_another_cell_magic_below_still_works(kernel):
    ran = kernel.run("%%track timed\n%%time\nvalue = [sum(range(10))]")
    assert "Wall time" in ran.text
    assert lake_of(kernel).load("timed:v1", "value") == [45]


def test_a_late_load_knows_the_cells_before_it(start_kernel):
    kernel = start_kernel(load=False)
    kernel.run("base = [1, 2]")
    kernel.run("%load_ext mvlake")
    kernel.run("%%track late\ntotal = [sum(base)]")
    dossier = shown(kernel, "late:v1").dossier
    assert [source for source in dossier.sources] == ["base = [1, 2]", "%%track late\ntotal = [sum(base)]"]


def test_auto_tracks_every_cell_that_makes_something(kernel):
    kernel.run("%mv auto on work")
    kernel.run("rows = [1, 2, 3]")
    kernel.run("print(rows)")
    kernel.run("rows.append(4)")
    kernel.run("%mv auto off")
    kernel.run("rows.append(5)")
    lake = lake_of(kernel)
    assert [entry.ref for entry in lake.log().entries] == ["work:v2", "work:v1"]
    assert lake.load("work:latest", "rows") == [1, 2, 3, 4]
    assert lake.show("work:v1").entry.version.origin == "auto"


def test_a_snapshot_holds_the_whole_namespace_and_every_cell(kernel):
    kernel.run("a = [1]")
    kernel.run("b = {'k': (1, 2)}")
    ran = kernel.run("%mv snapshot state -m 'before lunch'")
    assert "state:v1" in ran.cards[0]
    answer = shown(kernel, "state:v1")
    assert lake_of(kernel).load("state:v1", "b") == {"k": (1, 2)}
    assert answer.dossier.sources == ("a = [1]", "b = {'k': (1, 2)}")
    assert answer.entry.version.message == "before lunch"


def test_the_notebook_is_known_where_the_server_says_it(start_kernel, tmp_path):
    notebook = tmp_path / "fraud model.ipynb"
    notebook.write_text(json.dumps({"cells": [], "metadata": {"widgets": {"state": 1}}, "nbformat": 4, "nbformat_minor": 5}))
    kernel = start_kernel(JPY_SESSION_NAME=str(notebook))
    kernel.run("%%track\nx = [1]")
    assert shown(kernel, "fraud-model:v1").entry.version.notebook == str(notebook)
    kernel.run("%mv snapshot")
    kept = lake_of(kernel).load("fraud-model:v2", "fraud model.ipynb")
    assert "widgets" not in json.loads(kept)["metadata"]


def test_checkout_restores_variables_and_the_next_version_builds_on_it(kernel):
    prepared(kernel)
    kernel.run(TRAIN)
    kernel.run(TRAIN.replace("depth = 3", "depth = 1"))
    ran = kernel.run("%mv checkout fraud:v1 model")
    assert "model" in ran.cards[0]
    assert kernel.value("model.max_depth") == "3"
    kernel.run(TRAIN.replace("depth = 3", "depth = 2"))
    assert shown(kernel, "fraud:v3").entry.version.parent == 1


def test_what_cannot_be_kept_is_said_and_the_rest_is(kernel):
    kernel.run("%%track parts\ngen = (n for n in range(3))\nkept = [1]")
    version = shown(kernel, "parts:v1").entry.version
    (generator,) = version.described
    assert (generator.name, generator.kind.value, generator.source) == ("gen", "iterator", "gen = (n for n in range(3))")
    assert version.omitted == ()
    assert kernel.value("list(gen)") == "[0, 1, 2]"
    assert lake_of(kernel).load("parts:v1", "kept") == [1]


def test_a_cell_without_code_is_an_attempt_and_no_version(kernel):
    kernel.run("%%track notes\nx = [1]")
    for body in ("", "# only a word", "\n\n"):
        assert kernel.run(f"%%track notes\n{body}").shown == []
    history = lake_of(kernel).log()
    assert [entry.ref for entry in history] == ["notes:v1"]
    assert {attempt.error_type for attempt, _ in history.attempts} == {"EmptyCell"}


def test_another_note_alone_makes_no_version(kernel):
    kernel.run('%%track notes -m "first"\nx = sorted([1])')
    assert "confirms notes:v1" in kernel.run('%%track notes -m "second"\nx = sorted([1])').cards[0]


def test_a_variable_of_which_only_a_part_is_kept_is_not_replaced_by_that_part(kernel):
    kernel.run("import matplotlib.pyplot as plt")
    kernel.run("%%track drawn\nfig = plt.figure(figsize=(1, 1))\nrows = sorted([1])\nplt.close(fig)")
    ran = kernel.run("%mv checkout drawn:v1")
    assert "a picture of it" in ran.cards[0]
    assert kernel.value("type(fig).__name__") == "Figure"


def test_a_long_error_keeps_its_hint(kernel):
    kernel.run("class Own:\n    pass")
    kernel.run("%%track own\nthing = Own()")
    assert "--trust" in kernel.run("%mv load own:v1 thing").text
