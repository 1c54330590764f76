"""Seeded: a faulty notebook for each cause, and each source of variation, for which a replay may not reproduce; and controls that do.

Of each it is known which verdict a replay must come to, for which cause, and in which cell it departs.
"""

import os
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from jupyter_client.manager import KernelManager

from mvlake.lake.lake import Lake
from mvlake.records.answers import Verdicts

_SHARED = Path("/dev/shm")


@dataclass
class Project:
    """The folders of the faults: notebooks, what lies outside of the project, and two releases of one package."""

    root: Path
    served: str = "1,2,3"
    server: HTTPServer | None = None

    @classmethod
    def below(cls, root: Path) -> "Project":
        made = cls(root)
        for folder in (made.notebooks / "parts", made.outside, made.tools):
            folder.mkdir(parents=True)
        for name in ("beta", "alpha", "delta", "omega", "gamma", "kappa", "theta", "sigma"):
            (made.notebooks / "parts" / f"{name}.txt").write_text(name)
        (made.notebooks / "rows.csv").write_text("x\n1\n2\n")
        (made.outside / "rows.csv").write_text("x\n1\n2\n")
        (made.outside / "gone.csv").write_text("x\n1\n2\n")
        with sqlite3.connect(made.outside / "shop.db") as shop:
            shop.execute("create table sales (amount int)")
            shop.execute("insert into sales values (3)")
        made.write_tools(2)
        for release, factor in (("1.0", 2), ("2.0", 3)):
            made._release(release, factor)
        return made

    @property
    def notebooks(self) -> Path:
        return self.root / "project" / "notebooks"

    @property
    def outside(self) -> Path:
        return self.root / "outside"

    @property
    def tools(self) -> Path:
        return self.root / "tools"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    def packages(self, release: str) -> str:
        return os.pathsep.join(map(str, (self._site(release), self.tools)))

    def write_tools(self, scale: int) -> None:
        """A module of the user's own, too large to be kept with a version."""
        (self.tools / "bigtools.py").write_text(f"SCALE = {scale}\n" + "# filler, line by line\n" * 60_000)

    def _site(self, release: str) -> Path:
        return self.root / f"packages-{release}" / "site-packages"

    def _release(self, release: str, factor: int) -> None:
        folder = self._site(release)
        info = folder / f"fakestats-{release}.dist-info"
        (folder / "fakestats").mkdir(parents=True)
        info.mkdir()
        (folder / "fakestats" / "__init__.py").write_text(f"def spread(values):\n    return max(values) * {factor}\n")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: fakestats\nVersion: {release}\n")
        (info / "RECORD").write_text(f"fakestats/__init__.py,,\n{info.name}/METADATA,,\n{info.name}/RECORD,,\n")
        (info / "top_level.txt").write_text("fakestats\n")

    def serve(self) -> int:
        """Serve a file on this machine, and return the port."""
        project = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(project.served.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.server.server_port

    def close(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


@dataclass(frozen=True)
class Fault:
    """Cells, the last of which is tracked; what happens before the replay; and what the replay must find (cause "": it reproduces).

    `cell` is the one in which it departs (0: not asked). `outside` cells run in the kernel, and the version does not rest on them.
    """

    name: str
    cause: str
    cells: tuple[str, ...]
    cell: int = 0
    verdict: str = "drifted"
    happens: Callable[[Project], None] | None = None
    outside: tuple[str, ...] = ()
    release: str = "1.0"  # of the package, when it is replayed
    track: str = ""
    is_narrow: bool = False  # made in a kernel that has one processor
    is_quick: bool = False  # among the tests


def _gone(name: str) -> Callable[[Project], None]:
    return lambda project: (project.outside / name).unlink()


def _changed(project: Project, where: str) -> None:
    (getattr(project, where) / "rows.csv").write_text("x\n1\n2\n7\n")


def _served_other(project: Project) -> None:
    project.served = "4,5,6"


FAULTS: tuple[Fault, ...] = (
    # hidden state
    Fault("environ", "hidden state", ("import os", "rate = [float(os.environ.get('RATE_OF_SHELL', '1'))]"), cell=2),
    Fault("builtins", "hidden state", ("price = [3 * RATE for _ in range(2)]",), outside=("setattr(__import__('builtins'), 'RATE', 2)",), verdict="failed", is_quick=True),
    Fault("input", "hidden state", ("asked = [input('rate?')]",), verdict="failed"),
    # seed
    Fault("urandom", "seed", ("import os", "salt = [os.urandom(4).hex()]", "salted = salt + ['x']"), cell=2, is_quick=True),
    Fault("secrets", "seed", ("import secrets", "picked = [secrets.randbelow(10**9)]"), cell=2),
    Fault("random-instance", "seed", ("import random", "picks = random.Random().sample(range(10**6), 3)"), cell=2),
    Fault("uuid4", "seed", ("import uuid", "names = [str(uuid.uuid4())]"), cell=2),
    Fault("sql-random", "seed", ("import sqlite3", "drawn = list(sqlite3.connect(':memory:').execute('select random()').fetchone())"), cell=2),
    # time
    Fault("time", "time", ("import time", "stamps = [time.time()]"), cell=2),
    Fault("now", "time", ("import datetime as dt", "age = [(dt.datetime.now() - dt.datetime(2020, 1, 1)).total_seconds()]"), cell=2, is_quick=True),
    Fault("perf-counter", "time", ("from time import perf_counter", "marks = [perf_counter() for _ in range(3)]"), cell=2),
    Fault("uuid1", "time", ("import uuid", "made = [uuid.uuid1().time]"), cell=2),
    Fault("pandas-now", "time", ("import pandas as pd", "late = [(pd.Timestamp.now() - pd.Timestamp('2020-01-01')).total_seconds()]"), cell=2),
    # order
    Fault("set-of-texts", "order", ("words = set('the quick brown fox jumps over a lazy dog'.split())", "first = list(words)[:5]"), is_quick=True),
    Fault("hash", "order", ("keys = ['a', 'b', 'c']", "buckets = [hash(key) % 1000 for key in keys]"), cell=2),
    Fault("listdir", "order", ("import os", "texts = [open(f'parts/{name}').read() for name in os.listdir('parts')]"), cell=2),
    Fault("glob", "order", ("from pathlib import Path", "read = ''.join(path.read_text() for path in Path('parts').glob('*.txt'))\nread = [read]"), cell=2),
    # thread order
    Fault(
        "as-completed", "thread order",
        (
            "import time\nfrom concurrent.futures import ThreadPoolExecutor, as_completed\ndef work(n):\n    time.sleep(0.002)\n    return n",
            "with ThreadPoolExecutor(8) as pool:\n    done = [one.result() for one in as_completed([pool.submit(work, n) for n in range(24)])]",
        ),
        cell=2, is_quick=True,
    ),
    Fault(
        "append", "thread order",
        (
            "import threading, time",
            """seen = []
def add(n):
    time.sleep(0.002)
    seen.append(n)
threads = [threading.Thread(target=add, args=(n,)) for n in range(24)]
for one in threads:
    one.start()
for one in threads:
    one.join()""",
        ),
        cell=2,
    ),
    Fault(
        "polars-groups", "thread order",
        ("import polars as pl, numpy as np", "table = pl.DataFrame({'k': np.arange(20000) % 1000, 'v': np.arange(20000)})\ngroups = table.group_by('k').agg(pl.col('v').sum())"),
        cell=2,
    ),
    # data
    Fault("outside-file", "data", ("import pandas as pd", "rows = pd.read_csv({outside} / 'rows.csv')", "total = [int(rows.x.sum())]"), cell=2, track="--data profile", happens=lambda project: _changed(project, "outside"), is_quick=True),
    Fault("project-file", "data", ("lines = open('rows.csv').read().split()", "count = [len(lines)]"), cell=1, track="--data profile", verdict="not run", happens=lambda project: _changed(project, "notebooks")),
    Fault("decoys", "data", ("import os, time, pandas as pd", "began = time.time()\nframe = pd.read_csv({outside} / 'rows.csv')", "counted = [int(frame.x.sum()), 0 * len(set(os.listdir('.')))]\ntook = time.time() - began"), cell=2, track="--data profile", happens=lambda project: _changed(project, "outside")),
    # code
    Fault("module", "code", ("import bigtools", "scaled = [bigtools.SCALE * n for n in (1, 2)]"), cell=1, happens=lambda project: project.write_tools(5), is_quick=True),
    # package
    Fault("package", "package", ("import fakestats", "width = [fakestats.spread([1, 5, 3])]"), cell=2, release="2.0", is_quick=True),
    Fault("package-gone", "package", ("import fakestats", "wide = [fakestats.spread([1, 5, 3])]"), cell=1, release="none", verdict="not run"),
    # missing input
    Fault("file-gone", "missing input", ("import pandas as pd", "lost = pd.read_csv({outside} / 'gone.csv')", "left = [len(lost)]"), cell=2, track="--data profile", verdict="not run", happens=_gone("gone.csv"), is_quick=True),
    Fault("network", "missing input", ("from urllib.request import urlopen", "body = urlopen('http://127.0.0.1:{port}/rows').read().decode()", "values = body.split(',')"), cell=2, happens=_served_other),
    Fault("database", "missing input", ("import sqlite3", "sales = sqlite3.connect({outside} / 'shop.db').execute('select amount from sales').fetchall()", "sold = [sum(one[0] for one in sales)]"), cell=2, verdict="not run", track="--data profile", happens=_gone("shop.db")),
    # hardware
    Fault("processors", "hardware", ("import os", "workers = len(os.sched_getaffinity(0))\nparts = [100 // workers]"), cell=2, is_narrow=True, is_quick=True),
    # the same again, in words that give nothing away
    Fault("veiled-modules", "hidden state", ("import sys", "import rates_of_today as rates", "due = [rates.RATE * 2]"), outside=("import sys, types; sys.modules['rates_of_today'] = types.SimpleNamespace(RATE=3)",), verdict="not run"),
    Fault("veiled-environ", "hidden state", ("from os import environ as found", "level = [float(found.get('RATE_OF_SHELL', '1'))]"), cell=2),
    Fault("veiled-entropy", "seed", ("import os as system\ndraw = getattr(system, 'uran' + 'dom')", "grains = [draw(4).hex() for _ in range(2)]"), cell=2),
    Fault("veiled-time", "time", ("from time import time as tick", "at = [tick()]"), cell=2),
    Fault("veiled-set", "order", ("texts_of = 'the quick brown fox jumps over a lazy dog'.split()", "some = [*{*texts_of}][:5]"), cell=2),
    Fault("veiled-walk", "order", ("from os import walk as visit", "found_in = [open('parts/' + name).read() for _, _, names in visit('parts') for name in names]"), cell=2),
    Fault(
        "veiled-queue", "thread order",
        (
            "import queue, time, _thread",
            """line = queue.Queue()
def put(n):
    time.sleep(0.002)
    line.put(n)
for n in range(24):
    _ = _thread.start_new_thread(put, (n,))
taken = [line.get() for _ in range(24)]""",
        ),
        cell=2,
    ),
    Fault("veiled-file", "data", ("import numpy as np", "loaded = np.loadtxt({outside} / 'rows.csv', skiprows=1)", "mean = [float(loaded.mean())]"), cell=2, track="--data profile", happens=lambda project: _changed(project, "outside")),
    Fault("veiled-module", "code", ("import bigtools", "def scaled_by(value):\n    return bigtools.SCALE * value", "larger = [scaled_by(2)]"), cell=1, happens=lambda project: project.write_tools(5)),
    Fault("veiled-package", "package", ("from fakestats import spread as width_of", "def widest(values):\n    return width_of(values)", "widths = [widest([1, 4])]"), release="2.0"),
    Fault("veiled-socket", "missing input", ("import socket", "with socket.create_connection(('127.0.0.1', {port})) as line_to:\n    _ = line_to.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n')\n    told = line_to.makefile().read()[-5:]", "parts_of = told.split(',')"), happens=_served_other),
    Fault("veiled-processors", "hardware", ("import psutil", "share = [100 // len(psutil.Process().cpu_affinity())]"), cell=2, is_narrow=True),
    # last of those that ask the server: it closes it
    Fault("network-gone", "missing input", ("from urllib.request import urlopen", "page = urlopen('http://127.0.0.1:{port}/page').read().decode()", "numbers = page.split(',')"), cell=2, verdict="failed", happens=Project.close),
    # what reproduces
    Fault("seeded", "", ("import numpy as np", "sure = np.random.default_rng(0).normal(size=4)"), verdict="identical"),
    Fault("unseeded", "", ("import numpy as np", "rng = np.random.default_rng()", "free = rng.normal(size=4)"), verdict="identical", is_quick=True),
    Fault("sorted-set", "", ("terms = set('b a c'.split())", "listed = sorted(terms)"), verdict="identical"),
    Fault("sorted-files", "", ("import os", "kept = [open(f'parts/{name}').read() for name in sorted(os.listdir('parts'))]"), verdict="identical"),
    Fault("in-order", "", ("from concurrent.futures import ThreadPoolExecutor", "with ThreadPoolExecutor(4) as pool:\n    squares = list(pool.map(lambda n: n * n, range(9)))"), verdict="identical"),
    Fault("redefined", "", ("x = 1", "y = x + 1", "x = 50", "twice = [y * 2]"), verdict="identical"),
    Fault("deleted", "", ("helper = 4", "base = helper * 2", "del helper", "more = [base + 1]"), verdict="identical"),
    Fault("environ-in-cell", "", ("import os", "os.environ['RATE_OF_CELL'] = '3'", "pace = [float(os.environ.get('RATE_OF_CELL', '1'))]"), verdict="identical"),
    Fault("matmul", "", ("import numpy as np", "product = (np.random.default_rng(1).random((300, 300), dtype='f4') @ np.ones((300, 300), 'f4'))"), verdict="identical", is_narrow=True),
)  # fmt: skip


@dataclass
class Recorder:
    """A kernel in which faults are recorded."""

    project: Project
    is_narrow: bool = False
    manager: KernelManager = field(init=False)

    def __enter__(self) -> Self:
        self.manager = KernelManager(kernel_name="python3")
        variables = {
            "MVLAKE_LAKE": str(self.project.lake),
            "MVLAKE_USER": "ana",
            "IPYTHONDIR": str(self.project.root / "ipython"),
            "PYTHONPATH": self.project.packages("1.0"),
            "RATE_OF_SHELL": "2.5",
        }
        with _narrow() if self.is_narrow else nullcontext():
            self.manager.start_kernel(cwd=str(self.project.notebooks), env={**os.environ, **variables})
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=90)
        self.run("%load_ext mvlake")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def run(self, code: str) -> None:
        def hear(message: dict[str, Any]) -> None:
            if message["msg_type"] == "error":
                raise RuntimeError("\n".join(message["content"]["traceback"]))

        answer = lambda _: self.client.input("3")  # noqa: E731
        self.client.execute_interactive(code, timeout=120, output_hook=hear, allow_stdin=True, stdin_hook=answer)

    def record(self, fault: Fault, port: int) -> None:
        """Make the version of one fault."""
        texts = [_filled(cell, self.project, port) for cell in fault.cells]
        for cell in (*fault.outside, *texts[:-1]):
            self.run(cell)
        self.run(f"%%track {fault.track} {fault.name}\n{texts[-1]}".replace("%%track  ", "%%track "))


def _filled(cell: str, project: Project, port: int) -> str:
    return cell.replace("{outside}", f"__import__('pathlib').Path({str(project.outside)!r})").replace("{port}", str(port))


@contextmanager
def recorded(faults: tuple[Fault, ...]) -> Iterator[Callable[[Fault], Verdicts]]:
    """Record faults, and give what replays one of them, in its changed world."""
    place = str(_SHARED) if _SHARED.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="mvlake-faults-", dir=place)).resolve()
    project = Project.below(folder)
    try:
        port = project.serve()
        for is_narrow in sorted({fault.is_narrow for fault in faults}):
            with Recorder(project, is_narrow) as recorder:
                for fault in faults:
                    if fault.is_narrow is is_narrow:
                        recorder.record(fault, port)

        def replayed(fault: Fault) -> Verdicts:
            if fault.happens is not None:
                fault.happens(project)
            with _standing(project.notebooks, MVLAKE_USER="ana", PYTHONPATH=project.packages(fault.release)):
                answer = Lake.open(project.lake, create=False).replay(f"{fault.name}:v1")
            assert isinstance(answer, Verdicts)
            return answer

        yield replayed
    finally:
        project.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _narrow() -> Iterator[None]:
    """Let what is started here have one processor."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def _standing(folder: Path, **variables: str) -> Iterator[None]:
    """Stand where somebody stands who replays, with these variables."""
    before, here = dict(os.environ), Path.cwd()
    os.environ.update(variables)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


def main() -> int:
    """Replay the faults that are named, and show what is said of them: for whoever works on the diagnosis."""
    from mvlake.view.text import as_text

    wanted = tuple(fault for fault in FAULTS if fault.name in sys.argv[1:] or len(sys.argv) == 1)
    with recorded(wanted) as replayed:
        for fault in wanted:
            print(
                f"── {fault.name}: {fault.verdict}, {fault.cause or 'reproduces'}\n{as_text(replayed(fault), width=200)}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
