"""Versions of a lake in a bucket, replayed at a time: each process opens it by its address, and records its verdict there."""

import subprocess
import sys

from mvlake.lake.lake import Lake

PROGRAM = "import mvlake\nwith mvlake.track('{}') as run:\n    run.output(rows=[1, 2])\n"


def test_each_process_records_its_verdict_in_the_bucket(server, tmp_path, monkeypatch):
    for name, value in {**server.environ, "MVLAKE_LAKE": server.url()}.items():
        monkeypatch.setenv(name, value)
    Lake.init(server.url())
    for name in ("fraud", "churn"):
        (tmp_path / f"{name}.py").write_text(PROGRAM.format(name))
        subprocess.run([sys.executable, f"{name}.py"], check=True, cwd=tmp_path)
    lake = Lake.open(create=False)
    answer = lake.replay("fraud", "churn", jobs=2)
    assert [one.replayed.verdict.value for one in answer.answers] == ["identical", "identical"]
    assert [len(entry.replays) for entry in Lake.open(server.url()).log().entries] == [1, 1]
