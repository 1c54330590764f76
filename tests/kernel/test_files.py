"""Files that cells read and write, in a real kernel."""

import json
import os
import subprocess
import sys
import time

import pandas as pd
import polars as pl
import pytest

from mvlake import Lake
from mvlake.records.artifact import Role
from mvlake.records.files import Flow, FoundBy, PlaceKind
from mvlake.records.hint import HintCode


@pytest.fixture
def project(tmp_path):
    (tmp_path / "data").mkdir()
    pd.DataFrame({"a": range(10)}).to_csv(tmp_path / "data" / "x.csv", index=False)
    pl.DataFrame({"a": [1, 2]}).write_parquet(tmp_path / "data" / "y.parquet")
    pl.DataFrame({"a": [3]}).write_parquet(tmp_path / "data" / "unused.parquet")
    long_ago = time.time() - 3600  # what was changed just now may change again within what its clock can tell
    for file in (tmp_path / "data").iterdir():
        os.utime(file, (long_ago, long_ago))
    return tmp_path


def uses(tmp_path, ref):
    version = Lake.open(tmp_path / "lake").show(ref).entry.version
    return version, {(one.name, one.direction): one for one in version.files}


READ, WRITTEN = Flow.READ, Flow.WRITTEN


def test_a_version_names_what_its_cells_read_and_what_its_own_cell_wrote(start_kernel, project):
    kernel = start_kernel(load=False)
    kernel.run("import pandas as pd, polars as pl")
    kernel.run("early = pd.read_csv('data/x.csv')")
    kernel.run("%load_ext mvlake")
    kernel.run("df = pd.read_csv('data/x.csv'); df.to_csv('side.csv')")
    kernel.run("other = pl.read_parquet('data/unused.parquet')")
    kernel.run("folder = 'data'\ny = pl.read_parquet(folder + '/y.parquet')")
    kernel.run("%%track t\ns = int(df.a.sum() + y['a'].sum())\npl.DataFrame({'s': [s]}).write_csv('out.csv')")
    version, found = uses(project, "t:v1")
    assert set(found) == {("data/x.csv", READ), ("data/y.parquet", READ), ("out.csv", WRITTEN)}
    assert FoundBy.OPENED in found["data/x.csv", READ].found_by
    assert FoundBy.WATCHED in found["data/y.parquet", READ].found_by
    assert found["data/x.csv", READ].path == "data/x.csv"
    assert found["out.csv", WRITTEN].digest is not None
    kept = {one.name: one for one in version.artifacts if one.role is Role.FILE}
    assert set(kept) == {"data/x.csv", "data/y.parquet"}
    assert Lake.open(project / "lake").load("t:v1", "data/x.csv") == (project / "data" / "x.csv").read_bytes()
    shown = kernel.run("%mv show t:v1").cards[0]
    assert "data/y.parquet" in shown
    assert "kept" in shown

    # A cell that ran before the extension was loaded: what its text names is described as it is now.
    kernel.run("%%track early\ntotal = early.a.sum()")
    _, found = uses(project, "early:v1")
    assert found["data/x.csv", READ].found_by == (FoundBy.NAMED,)
    assert "before mvlake was loaded" in found["data/x.csv", READ].problem

    # What is changed or removed after it was read is said.
    kernel.run("%%track changed\ndf = pd.read_csv('data/x.csv')\nopen('data/x.csv', 'a').write('11\\n');")
    version, found = uses(project, "changed:v1")
    assert "changed after it was read" in found["data/x.csv", READ].problem
    assert ("data/x.csv", WRITTEN) in found
    assert Lake.open(project / "lake").load("changed:v1", "data/x.csv").endswith(b"\n9\n")  # known by its stamp: as it was read
    kernel.run("%%track fresh\ndf = pd.read_csv('side.csv')\nopen('side.csv', 'a').write('11,11\\n');")
    version, found = uses(project, "fresh:v1")
    assert "changed after it was read" in found["side.csv", READ].problem
    assert found["side.csv", READ].digest is None
    assert "side.csv" not in {one.name for one in version.artifacts}
    kernel.run("import os\ndoomed = open('side.csv').read()\nos.remove('side.csv')")
    kernel.run("%%track gone\nlength = len(doomed)")
    _, found = uses(project, "gone:v1")
    assert "deleted" in found["side.csv", READ].problem
    assert found["side.csv", READ].digest is None

    # What only stands in the text, a temporary file, and the lake itself are no files of the version.
    kernel.run(
        "%%track quiet\nimport tempfile\nname = 'data/unused.parquet'\nwith tempfile.NamedTemporaryFile() as t: t.write(b'x')\nz = 1"
    )
    assert uses(project, "quiet:v1")[1] == {}


def test_the_network_other_processes_and_forked_children_are_recorded(start_kernel, project, tmp_path_factory):
    served = tmp_path_factory.mktemp("served")
    (served / "x.csv").write_text("a\n1\n")
    server = subprocess.Popen(
        [sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1"], cwd=served, stdout=subprocess.PIPE, text=True
    )
    try:
        port = server.stdout.readline().split()[5]
        kernel = start_kernel()
        address = f"http://ana:secret@127.0.0.1:{port}/x.csv?token=abc&part=1"
        kernel.run("import urllib.request, multiprocessing, subprocess, os, io")
        ran = kernel.run(f"%%track net\nimport pandas as pd\nurl = {address.replace('ana:secret@', '')!r}\nn = pd.read_csv(url)")
        assert ran.error is None
    finally:
        server.kill()
        server.wait()
    version, _ = uses(project, "net:v1")
    [used] = [one for one in version.files if one.kind is PlaceKind.URL]
    assert used.name == f"http://127.0.0.1:{port}/x.csv?token=…&part=1"
    assert "network" in used.problem
    assert [one.code for one in version.hints] == [HintCode.NETWORK_INPUT]
    assert "abc" not in version.hints[0].text
    assert "abc" not in json.dumps([one.path for one in version.files])
    assert [one for one in version.files if one.kind is PlaceKind.FILE and one.direction is READ] == []

    kernel.run("def work(n): return len(open('data/x.csv').read())")
    ran = kernel.run("%%track child\nwith multiprocessing.get_context('fork').Pool(1) as pool: lengths = pool.map(work, [1])")
    assert ran.error is None
    assert ("data/x.csv", READ) in uses(project, "child:v1")[1]
    kernel.run("%%track command\nprinted = !cat data/y.parquet | wc -c")
    assert ("data/y.parquet", READ) in uses(project, "command:v1")[1]


def test_unloading_ends_it_and_leaves_results_as_they_were(start_kernel, project):
    kernel = start_kernel()
    kernel.run("%%track a\nx = open('data/x.csv').read()")
    before = kernel.value("len(os.listdir('/proc/self/fd'))") if kernel.run("import os").error is None else ""
    kernel.run("%unload_ext mvlake")
    from_hook = "from mvlake.capture.files import openings as o; print(len(o._LISTENING))"
    assert kernel.run(from_hook).text == "0\n"
    assert int(kernel.value("len(os.listdir('/proc/self/fd'))")) <= int(before)
    assert kernel.run("open('nowhere.csv')").error[0] == "FileNotFoundError"


def test_more_files_than_are_noted_are_counted_and_said(start_kernel, project):
    for number in range(8):
        (project / "data" / f"{number}.txt").write_text("x")
    kernel = start_kernel()
    kernel.run("import mvlake.capture.files.openings as openings\nopenings.MOST = 5")
    kernel.run("texts = [open(f'data/{number}.txt').read() for number in range(8)]")
    ran = kernel.run("%%track many\ntotal = len(''.join(texts))")
    assert ran.error is None
    version, found = uses(project, "many:v1")
    assert {name for name, _ in found} == {f"data/{number}.txt" for number in range(8)}  # the watched folder knows them all
    assert [(one.name, one.reason) for one in version.omitted] == [
        ("files", "3 times more, files were opened after the first 5 of a cell: which is not known")
    ]
    assert "opened after the first 5" in kernel.run("%mv show many:v1").cards[0]


def test_a_policy_keeps_contents_out(start_kernel, project):
    (project / "lake" / ".mvlake").mkdir(parents=True, exist_ok=True)
    kernel = start_kernel()
    kernel.run("%%track p\nx = len(open('data/x.csv').read())")
    (project / "lake" / ".mvlake" / "policy.toml").write_text('[data]\nfile_ceiling = "10 B"\n')
    kernel.run("%%track p\nx = len(open('data/x.csv').read()) + 1")
    version, found = uses(project, "p:v2")
    assert "above the ceiling" in found["data/x.csv", READ].problem
    assert [one.code for one in version.hints] == [HintCode.OUTSIDE_INPUT]
    assert found["data/x.csv", READ].digest is not None
    assert not [one for one in version.artifacts if one.role is Role.FILE]
    (project / "lake" / ".mvlake" / "policy.toml").write_text('[data]\nkepe = "none"\n')
    ran = kernel.run("%%track p\nx = 3")
    assert ran.error is None
    assert "kepe" in ran.cards[0]
