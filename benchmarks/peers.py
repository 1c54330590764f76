"""Peers: what others keep of the same Parquet file. One that is not installed is left out, and said how to get."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.spent import Spent, spend_on

DATA = "data.parquet"


@dataclass(frozen=True)
class Peer:
    """Another tool: the command that must be there, how to get it, how a store is made, and how a new version of the file is kept."""

    name: str
    command: str
    hint: str
    prepare: Callable[[Path], object]
    keep: Callable[[Path], Spent]

    @property
    def is_here(self) -> bool:
        return shutil.which(self.command) is not None


def _run(folder: Path, store: Path, *command: str, **env: str) -> Spent:
    return spend_on([shutil.which(command[0]) or command[0], *command[1:]], store, cwd=folder, env=env)


def _dvc(folder: Path, *words: str) -> Spent:
    cache = folder / ".dvc" / "cache"
    return _run(folder, cache, "dvc", *words, DVC_NO_ANALYTICS="1", DVC_SITE_CACHE_DIR=str(folder / "site"))


def _restic(folder: Path, *words: str) -> Spent:
    # The password is the child's alone, and keeps nothing secret: the repository is deleted at the end.
    return _run(
        folder, folder / "repository", "restic", "--no-cache", "-q", "-r", "repository", *words, RESTIC_PASSWORD="benchmark"
    )


_LOG_ARTIFACT = """
import json, sys, time
import mlflow
mlflow.set_experiment("bench")
with mlflow.start_run():
    wall, cpu = time.perf_counter(), time.process_time()
    mlflow.log_artifact(sys.argv[1])
    spent = [time.process_time() - cpu, time.perf_counter() - wall]
with open(sys.argv[2], "w") as file:
    json.dump(spent, file)
"""


def _mlflow(folder: Path) -> Spent:
    """Log the file as an artifact of a new run. Only the logging counts: a notebook has imported MLflow before."""
    python = Path(shutil.which("mlflow") or "mlflow").with_name("python")
    said = folder / "said.json"
    env = {"MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'runs.db'}", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
    whole = spend_on([str(python), "-c", _LOG_ARTIFACT, DATA, str(said)], folder / "mlruns", cwd=folder, env=env)
    cpu, wall = json.loads(said.read_text())
    return Spent(cpu, wall, whole.stored)


PEERS = (
    Peer(
        "dvc add",
        "dvc",
        "make peers",
        lambda folder: _dvc(folder, "init", "--no-scm"),
        lambda folder: _dvc(folder, "add", DATA),
    ),
    Peer("MLflow", "mlflow", "make peers", lambda _: None, _mlflow),
    Peer(
        "restic",
        "restic",
        "apt install restic",
        lambda folder: _restic(folder, "init"),
        lambda folder: _restic(folder, "backup", DATA),
    ),
)


def _version(peer: Peer) -> str:
    word = "version" if peer.command == "restic" else "--version"
    said = subprocess.run([peer.command, word], capture_output=True, text=True, check=False).stdout.strip()
    return f"{peer.name}: {said.splitlines()[0] if said else 'version unknown'}"


def peers_here() -> list[Peer]:
    """Return the peers that are installed; say how to get the others."""
    for peer in PEERS:
        said = _version(peer) if peer.is_here else f"{peer.name} is not installed ({peer.hint}): left out"
        print(f"  {said}", file=sys.stderr, flush=True)
    return [peer for peer in PEERS if peer.is_here]
