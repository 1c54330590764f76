"""No waiting: a tracked cell is over before what it made is written, and a version exists only when all of it is durable."""

import os
import signal

import nbformat
import pytest
from nbclient import NotebookClient

from mvlake.lake.lake import Lake

BIG = "df = pd.DataFrame({f'c{i}': np.random.default_rng(i).random(400_000) for i in range(4)})"
PREPARE = "import numpy as np, pandas as pd, threading, os"
# A disk that is as slow as the test wishes, for the threads that write.
GATE = """
gate, reached, _fsync = threading.Event(), threading.Event(), os.fsync
def _slow(descriptor):
    if threading.current_thread().name.startswith("mvlake"):
        reached.set()
        gate.wait()
    return _fsync(descriptor)
os.fsync = _slow
"""
FULL = """
import errno
def _full(descriptor):
    if threading.current_thread().name.startswith("mvlake"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return _fsync(descriptor)
_fsync, os.fsync = os.fsync, _full
"""


@pytest.fixture
def attended(kernel):
    kernel.run(PREPARE)
    return kernel


def lake_of(kernel):
    return Lake.open(kernel.folder / "lake", create=False)


def test_a_cell_is_over_before_its_version_is_durable(attended):
    attended.run(GATE)
    request = attended.start(f"%%track big\n{BIG}\ntotal = float(df.c0.sum())", attended=True)
    ran = attended.wait(request)
    assert (ran.status, len(ran.cards)) == ("ok", 1)
    assert ran.cards[0].startswith("big ")
    assert ran.cards[0].endswith("writing…")
    attended.run("reached.wait()")
    assert not (attended.folder / "lake" / "log").exists() or lake_of(attended).log().entries == ()
    attended.run("gate.set()")
    card = attended.next_card()
    assert card.startswith("big:v1")
    assert card.endswith(" · durable")
    assert attended.updated_for == request
    lake = lake_of(attended)
    assert len(lake.load("big", "df")) == 400_000
    assert lake.verify().is_clean


def test_a_verb_waits_for_what_it_needs(attended):
    attended.run(f"%%track big\n{BIG}", attended=True)
    ran = attended.run("%mv log --json", attended=True)
    assert '"big:v1"' in ran.text or '"name": "big"' in ran.text, ran


def test_versions_follow_the_order_of_the_cells_small_ones_too(attended):
    attended.run(GATE)
    attended.run(f"%%track m\n{BIG}\nkind = 'first'", attended=True)
    small = attended.run("%%track m\nkind = 'second'", attended=True)
    failed = attended.run("%%track m\n1 / 0", attended=True)
    attended.run("%%track m\nkind = 'third'\ndf = df * 2", attended=True)
    assert small.cards[0].endswith("writing…")
    assert failed.error[0] == "ZeroDivisionError"
    attended.run("gate.set()")
    attended.run("%mv status", attended=True)
    history = lake_of(attended).log("m")
    told = {
        entry.ref: (entry.version.parent, {one.name: one.value for one in entry.version.params}["kind"])
        for entry in history.entries
    }
    assert told == {"m:v1": (None, "first"), "m:v2": (1, "second"), "m:v3": (2, "third")}
    assert len(history.attempts) == 1


CHANGES = {
    "frame": (BIG, "df.iloc[0, 0] = -1.0\ndf['new'] = 1", "df"),
    "array": ("arr = np.zeros(1_000_000)", "arr[0] = 1", "arr"),
    "list_beside": (f"{BIG}\nbox = [1, [2]]", "box[1].append(3)", "box"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_right_after_the_cell_does_not_reach_the_version(attended, name):
    make, change, variable = CHANGES[name]
    attended.run(GATE)
    attended.run(f"%%track big\n{make}", attended=True)
    attended.run("reached.wait()")
    attended.run(f"before = __import__('copy').deepcopy({variable})\n{change}\ngate.set()")
    attended.run("%mv status", attended=True)
    kept = lake_of(attended).load("big", variable)
    attended.run(f"import mvlake\nkept = mvlake.Lake.open().load('big', {variable!r})")
    same = "kept == before" if name == "list_beside" else "np.array_equal(kept, before)"
    assert attended.value(same) == "True", kept


def test_a_tensor_changed_right_after_the_cell_is_kept_as_it_was(attended):
    pytest.importorskip("torch")
    attended.run("import torch")
    attended.run(GATE)
    attended.run("%%track big\nweights = torch.zeros(2_000_000)", attended=True)
    attended.run("weights += 1\nweights.data[0] = 7\ngate.set()")
    attended.run("%mv status", attended=True)
    attended.run("import mvlake\nkept = mvlake.Lake.open().load('big', 'weights')")
    assert attended.value("float(kept.abs().max())") == "0.0"


def test_a_kernel_that_is_shut_down_writes_to_the_end(attended):
    attended.run(f"%%track big\n{BIG}", attended=True)
    attended.client.shutdown()
    process = attended.manager.provisioner.process
    assert process.wait(timeout=90) == 0
    assert [entry.ref for entry in lake_of(attended).log().entries] == ["big:v1"]


def test_a_kernel_that_is_killed_while_it_writes_leaves_no_version(attended):
    attended.run("%%track small\nx = 1")
    attended.run(GATE)
    attended.run(f"%%track big\n{BIG}", attended=True)
    attended.run("reached.wait()")
    os.kill(attended.manager.provisioner.process.pid, signal.SIGKILL)
    attended.manager.provisioner.process.wait(timeout=90)
    lake = lake_of(attended)
    assert [entry.ref for entry in lake.log().entries] == ["small:v1"]
    assert lake.verify().is_clean


def test_an_interrupt_of_the_wait_cancels_the_writing(attended):
    attended.run("%%track big\nx = 1")
    attended.run(GATE)
    attended.run(f"%%track big\n{BIG}", attended=True)
    attended.run("reached.wait()")
    request = attended.start("%mv log", attended=True)
    said = []
    while not any("is writing" in text for text in said):
        message = attended.client.get_iopub_msg(timeout=90)
        if message["msg_type"] in ("display_data", "update_display_data"):
            said.append(message["content"]["data"]["text/plain"])
    os.kill(attended.manager.provisioner.process.pid, signal.SIGINT)
    ran = attended.wait(request)
    assert ran.error[0] == "KeyboardInterrupt"
    assert any("made no version of big" in card for card in ran.cards), ran.cards
    attended.run("gate.set()")
    attended.run("%%track big\nx = 2", attended=True)
    attended.run("%mv status", attended=True)
    lake = lake_of(attended)
    assert [(entry.ref, entry.version.parent) for entry in lake.log().entries] == [("big:v2", 1), ("big:v1", None)]
    assert lake.verify().is_clean


def test_an_error_in_the_background_is_on_the_card(attended):
    attended.run("%%track big\nx = 1")
    attended.run(FULL)
    ran = attended.run(f"%%track big\n{BIG}", attended=True)
    assert ran.status == "ok"
    assert "No space left" in attended.next_card()
    attended.run("os.fsync = _fsync")
    again = attended.run("%%track big\nx = 3", attended=True)
    assert "big:v2" in again.cards[0]


def test_what_is_held_never_exceeds_the_ceiling(start_kernel):
    kernel = start_kernel(MVLAKE_HELD="30")
    kernel.run(PREPARE)
    kernel.run(GATE)
    kernel.run("import signal; _ = signal.signal(signal.SIGUSR1, lambda *_: gate.set())")
    kernel.run(f"%%track big\n{BIG}", attended=True)
    kernel.run("reached.wait()")
    request = kernel.start("%%track big\ndf = df + 1", attended=True)
    said = ""
    while "is writing big" not in said:  # the second cell cannot end before the first one's frame is let go
        message = kernel.client.get_iopub_msg(timeout=90)
        assert message["msg_type"] != "status" or message["content"]["execution_state"] == "busy" or not message["parent_header"]
        said = message["content"]["data"]["text/plain"] if message["msg_type"] == "display_data" else ""
    os.kill(kernel.manager.provisioner.process.pid, signal.SIGUSR1)
    ran = kernel.wait(request)
    assert ran.cards[-1].endswith("writing…")
    kernel.run("%mv status", attended=True)
    assert [entry.ref for entry in lake_of(kernel).log("big").entries] == ["big:v2", "big:v1"]


def test_an_array_that_has_not_changed_is_known_and_one_that_has_is_kept_before_and_after(attended):
    attended.run("%%track big\narr = np.zeros(1_000_000)", attended=True)
    attended.run("%mv status", attended=True)
    same = attended.run("%%track looks\ntotal = arr.sum()", attended=True)
    assert same.cards[0].startswith("looks:v1")  # at once: there is nothing to write
    attended.run("%%track changes\narr[0] = 5", attended=True)
    attended.run("%mv status", attended=True)
    lake = lake_of(attended)
    before = lake.show("looks:v1").entry.version.artifact("arr")[0]
    version = lake.show("changes:v1").entry.version
    assert version.names.mutated == ("arr",)
    digests = {one.role: one.digest for one in version.artifact("arr")}
    assert digests["input"] == before.digest != digests["output"]
    assert lake.load("big", "arr").max() == 0.0
    assert lake.verify().is_clean


def test_more_than_the_ceiling_is_written_at_once(start_kernel):
    kernel = start_kernel(MVLAKE_HELD="5")
    kernel.run(PREPARE)
    ran = kernel.run(f"%%track big\n{BIG}", attended=True)
    assert ran.cards[0].startswith("big:v1")


def test_where_a_machine_runs_the_notebook_the_card_is_final(tmp_path):
    cells = ["%load_ext mvlake\n" + PREPARE, f"%%track big\n{BIG}\ntotal = float(df.c0.sum())"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    os.environ["MVLAKE_LAKE"] = str(tmp_path / "lake")
    try:
        NotebookClient(notebook, timeout=90, resources={"metadata": {"path": str(tmp_path)}}).execute()
    finally:
        del os.environ["MVLAKE_LAKE"]
    (card,) = notebook.cells[-1].outputs
    assert card["data"]["text/plain"].startswith("big:v1")
    assert [entry.ref for entry in Lake.open(tmp_path / "lake").log().entries] == ["big:v1"]


def test_unloading_writes_to_the_end(attended):
    attended.run(f"%%track big\n{BIG}", attended=True)
    attended.run("%unload_ext mvlake", attended=True)
    assert [entry.ref for entry in lake_of(attended).log().entries] == ["big:v1"]


def test_a_forked_child_writes_nothing_of_its_parents(attended):
    attended.run("%%track big\nx = 1\ny = 2")
    attended.run(GATE)
    attended.run(f"%%track big\n{BIG}", attended=True)
    attended.run("reached.wait()")
    child = (
        "import mvlake\nlake = mvlake.Lake.open()\npid = os.fork()\n"
        "if pid == 0:\n    os._exit(len(lake.log().entries))\n"
        "seen = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])"
    )
    attended.run(child)
    assert attended.value("seen") == "1"
    attended.run("gate.set()")
    attended.run("%mv status", attended=True)
    assert len(lake_of(attended).log().entries) == 2


def test_a_write_round_the_protection_while_it_is_written_is_no_mixture(attended):
    # 48 MB make more than one pack of 16 MB: the first is written before all is encoded.
    attended.run(
        "df = pd.DataFrame({f'c{i}': np.random.default_rng(i).random(1_000_000) for i in range(6)})\nlast = df['c5'].array"
    )
    attended.run(GATE)
    attended.run("%%track big\nrows = len(df)", attended=True)
    attended.run("reached.wait()")
    attended.run("import ctypes\naddress = df['c5'].to_numpy().__array_interface__['data'][0]\nctypes.memset(address, 0, 800)")
    attended.run("gate.set()")
    attended.run("%mv status", attended=True)
    lake = lake_of(attended)
    version = lake.show("big").entry.version
    assert [(one.name, one.reason) for one in version.omitted] == [("df", "unstable: it was changed while it was being captured")]
    assert lake.verify().is_clean
    attended.run("%%track big\nrows = len(df) + 0", attended=True)
    attended.run("%mv status", attended=True)
    again = Lake.open(attended.folder / "lake", create=False)
    assert (again.load("big", "df")["c5"][:100] == 0.0).all()
    assert not again.show("big").entry.version.omitted
