"""`%mv diff`: what a real kernel and its notebook have changed since a version."""

import json
import os
import signal
import time

from mvlake.lake.lake import Lake

PREPARE = "import pandas as pd, numpy as np\ndepth = 3\ndf = pd.DataFrame({'a': np.arange(10.0), 'b': list('abcdefghij')})"
TRACKED = "%%track fraud\nmean = float(np.mean(df.a))\nout = df.a * depth\nscores = {'auc': float(np.mean(df.a)) / 10}"


def asked(kernel, more=""):
    return json.loads(kernel.run(f"%mv diff {more} --json").text)


def changed(document, part):
    return {one["name"]: one["change"] for one in document[part] if one["change"] != "unchanged"}


def code(document):
    return [(one["change"], one["lines"][-1]["text"]) for one in document["code"] if one["change"] != "unchanged"]


def files_of(folder):
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_right_after_a_version_there_is_nothing_to_commit_and_nothing_is_written(kernel):
    kernel.run(PREPARE, cell_id="a")
    kernel.run(TRACKED, cell_id="b")
    before = files_of(kernel.folder / "lake")
    ran = kernel.run("%mv diff")
    assert ran.status == "ok"
    assert "fraud:v1 → now\nnothing to commit" in ran.cards[0]
    kernel.run("df.head()", cell_id="c")
    kernel.run("print(df.shape)", cell_id="c")
    kernel.run(PREPARE, cell_id="a")  # the same once more: equal content in new objects
    document = asked(kernel)
    assert document["is_empty"] is True
    assert (document["b"]["ref"], document["problems"]) == ("now", [])
    assert {one["name"] for one in document["data"]} == {"df", "out", "scores"}
    assert kernel.run("%mv diff --exit-code").status == "ok"
    assert files_of(kernel.folder / "lake") == before
    assert "_" not in kernel.value("[name for name in dir() if 'mvlake' in name]")
    assert len(Lake.open(kernel.folder / "lake", create=False).log().entries) == 1


def test_a_frame_edited_in_place_shows_and_so_do_new_and_vanished_names_and_what_is_another_value(kernel):
    kernel.run(PREPARE, cell_id="a")
    kernel.run(TRACKED, cell_id="b")
    kernel.run("df.loc[3, 'a'] = 99.0", cell_id="c")
    document = asked(kernel)
    assert changed(document, "data") == {"df": "changed"}
    (frame,) = [one for one in document["data"] if one["name"] == "df"]
    assert [(one["name"], one["change"]) for one in frame["columns"]] == [("a", "changed"), ("b", "unchanged")]
    assert code(document) == [("added", "df.loc[3, 'a'] = 99.0")]

    kernel.run(
        "depth = 4\nmean = float(np.mean(df.a))\nscores['auc'] = 0.75\nfresh = np.arange(3)\nrate = 0.5\ndel out", cell_id="d"
    )
    document = asked(kernel)
    assert document["is_empty"] is False
    assert changed(document, "data") == {"df": "changed", "fresh": "added", "out": "removed", "scores": "changed"}
    assert changed(document, "params") == {"depth": "changed", "rate": "added"}
    assert [(one["name"], one["a"], one["b"]) for one in document["params"] if one["name"] == "depth"] == [("depth", 3, 4)]
    assert changed(document, "metrics") == {"mean": "changed", "scores.auc": "changed"}
    assert {one["name"]: one["outcome"] for one in document["metrics"]}["scores.auc"] == "better"
    ran = kernel.run("%mv diff --exit-code")
    assert "this kernel is not what fraud:v1 was" in ran.text
    assert "depth  3" in ran.cards[0]
    assert ran.status == "error" or "UsageError" in ran.text

    kernel.run(TRACKED + "\n", cell_id="b")
    assert asked(kernel)["is_empty"] is True
    since_first = asked(kernel, "fraud:v1")
    assert changed(since_first, "params") == {"depth": "changed", "rate": "added"}


def test_a_cell_that_ran_again_with_another_text_is_that_cell(kernel):
    kernel.run(PREPARE, cell_id="a")
    kernel.run(TRACKED, cell_id="b")
    kernel.run(PREPARE.replace("10.0", "10.0) + np.ones(10"), cell_id="a")
    (cell,) = [one for one in asked(kernel)["code"] if one["change"] != "unchanged"]
    assert (cell["change"], cell["a_position"], cell["b_position"]) == ("changed", 1, 1)
    assert [line["op"] for line in cell["lines"]] == [" ", " ", "-", "+"]


def test_after_a_checkout_the_kernel_is_what_was_checked_out(start_kernel):
    first = start_kernel()
    first.run(PREPARE)
    first.run(TRACKED)
    kernel = start_kernel()
    ran = kernel.run("%mv diff")
    assert "this kernel has made no version yet, and checked none out" in ran.text
    assert "%mv diff NAME:latest" in ran.text
    foreign = asked(kernel, "fraud:v1")
    assert changed(foreign, "data") == {"df": "removed", "out": "removed", "scores": "removed"}
    kernel.run("%mv checkout fraud:v1")
    assert "nothing to commit" in kernel.run("%mv diff").cards[0]
    kernel.run("out = out + 1")
    assert changed(asked(kernel), "data") == {"out": "changed"}
    kernel.run("%mv checkout fraud:v1")
    assert asked(kernel)["is_empty"] is True


def test_cells_of_the_notebook_that_were_edited_and_have_not_run_are_told_and_so_are_modules_whose_files_changed(
    start_kernel, tmp_path
):
    notebook = tmp_path / "work.ipynb"
    (tmp_path / "helper.py").write_text("rate = 1\n")

    def save(**cells):
        told = [{"id": name, "cell_type": "code", "source": text, "metadata": {}, "outputs": []} for name, text in cells.items()]
        notebook.write_text(json.dumps({"cells": told, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))

    kernel = start_kernel(JPY_SESSION_NAME=str(notebook))
    kernel.run("import sys; sys.path.insert(0, '.')\nimport helper", cell_id="z")
    kernel.run("depth = 3", cell_id="a")
    kernel.run("%%track fraud\nout = [depth * helper.rate]", cell_id="b")
    save(a="depth = 3", b="%%track fraud\nout = [depth * helper.rate]", q="%mv diff")
    assert asked(kernel)["unrun"] == []
    save(a="depth = 5", b="%%track fraud\nout = [depth * helper.rate]", c="print(out)")
    document = asked(kernel)
    assert [(one["change"], one["a_position"], one["b_position"]) for one in document["unrun"]] == [
        ("changed", 2, 1),
        ("added", None, 3),
    ]
    assert [(line["op"], line["text"]) for line in document["unrun"][0]["lines"]] == [("-", "depth = 3"), ("+", "depth = 5")]
    assert document["is_empty"] is False
    card = kernel.run("%mv diff").cards[0]
    assert "cell 1, edited, and has not run since" in card
    kernel.run("depth = 5", cell_id="a")
    assert [one["change"] for one in asked(kernel)["unrun"]] == ["added"]
    assert changed(asked(kernel), "params") == {"depth": "changed"}
    (tmp_path / "helper.py").write_text("rate = 2\n")
    (module,) = [one for one in asked(kernel)["modules"] if one["change"] != "unchanged"]
    assert [(line["op"], line["text"]) for line in module["lines"]] == [("-", "rate = 1"), ("+", "rate = 2"), (" ", "")]


def test_while_tracking_is_paused_the_difference_is_told_all_the_same(kernel):
    kernel.run("rows = [1, 2]")
    kernel.run("%%track fraud\nout = sorted(rows)")
    kernel.run("%mv pause")
    assert asked(kernel)["is_empty"] is True
    kernel.run("out.append(5)")
    assert changed(asked(kernel), "data") == {"out": "changed"}


def test_of_hostile_objects_nothing_is_asked_and_what_cannot_be_told_is_said(kernel):
    kernel.run("from mvlake.testing import traps\nrows = [1, 2]\nlog = []\ndef act(name): raise RuntimeError(name)")
    kernel.run("%%track fraud\nout = sorted(rows)\nkept = [2]")
    kernel.run(
        "cage = traps.zoo(log, act)\nglobals().update({f'trap_{name}': one for name, one in cage.items()})\nkept = cage['WithMeta']"
    )
    kernel.run("trap = traps.Trap()\ngen = (one for one in rows)\nlog.clear()\nNone")
    ran = kernel.run("%mv diff")
    assert ran.status == "ok"
    assert kernel.value("log") == "[]"
    assert kernel.value("traps.Trap.sprung(trap)") == "[]"
    assert kernel.value("list(gen)") == "[1, 2]"
    document = asked(kernel)
    assert kernel.value("log") == "[]"
    assert any(one.startswith("kept, of ") for one in document["problems"])
    assert document["is_empty"] is False


def test_secrets_are_neither_shown_nor_a_difference(kernel):
    kernel.run("token = 'ghp_" + "a1B2" * 9 + "'\nsettings = {'api_key': token, 'rows': [1]}")
    kernel.run("%%track fraud\nout = [settings, 1]")
    document = asked(kernel)
    assert document["is_empty"] is True
    kernel.run("other = [token]")
    assert "a1B2a1B2" not in json.dumps(asked(kernel))
    assert "a1B2a1B2" not in kernel.run("%mv diff").cards[0]


def test_a_look_at_much_data_can_be_interrupted_and_says_how_far_it_is(kernel):
    kernel.run("import numpy as np\nbig = np.zeros(60_000_000)\nsmall = [1]")
    kernel.run("%%track fraud --data none\nout = [small, big.shape]\nused = float(big[0])")
    kernel.run("more = [big + number for number in range(3)]\nmore_a, more_b, more_c = more\nbig[5] = 1.0")
    request = kernel.start("%mv diff")
    time.sleep(0.3)
    os.kill(int(kernel.manager.provisioner.process.pid), signal.SIGINT)
    ran = kernel.wait(request)
    assert (ran.status, ran.error and ran.error[0]) in (("error", "KeyboardInterrupt"), ("ok", None))
    told = kernel.run("%mv diff")
    assert told.status == "ok"
    assert any("mvlake is looking at" in card for card in (*ran.cards, *told.cards))
    assert kernel.run("small").result == "[1]"
