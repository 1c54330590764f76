"""The user's cell survives whatever happens to capture, and capture what happens in the cell: rows T1 to T14 and T18 of the design note."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from mvlake.lake.lake import Lake


def lake_of(kernel):
    return Lake.open(kernel.folder / "lake", create=False)


def version_of(kernel, ref):
    return lake_of(kernel).show(ref).entry.version


BREAK = (
    "from mvlake.handlers.pandas import handler as broken\nkept = broken.examined\n"
    "def fails(obj):\n    tried.append(1)\n    raise {raised}\ntried = []\nobject.__setattr__(broken, 'examined', fails)"
)


@pytest.mark.parametrize(
    "raised",
    [
        "ValueError('x')",
        "MemoryError()",
        "RecursionError()",
        "SystemExit(3)",
        "GeneratorExit()",
        "AssertionError()",
        "BaseException('b')",
    ],
)
def test_t1_one_object_that_cannot_be_captured_costs_itself_alone(kernel, raised):
    kernel.run("import pandas as pd")
    kernel.run(BREAK.format(raised=raised))
    for number in range(5):
        ran = kernel.run(f"%%track t1\ndf = pd.DataFrame({{'a': [{number}]}})\nrows = [{number}]\nprint('out')\nrows")
        assert (ran.text, ran.result, ran.status) == ("out\n", f"[{number}]", "ok")
    lake = lake_of(kernel)
    assert len(lake.log("t1").entries) == 5
    assert lake.load("t1:v5", "rows") == [4]
    first, last = version_of(kernel, "t1:v1").omitted, version_of(kernel, "t1:v5").omitted
    assert "raised" in next(one.reason for one in first if one.name == "df")
    assert "passed over in this session" in next(one.reason for one in last if one.name == "df")
    assert kernel.value("len(tried)") == "3"
    assert "capture problems" in kernel.run("%mv status").cards[0]


def test_t2_an_interrupt_at_any_moment_of_capture_gives_the_prompt_back_and_leaves_all_or_nothing(kernel):
    kernel.run("import numpy as np, pandas as pd")
    process = kernel.manager.provisioner.process
    made = 0
    for step in range(12):
        request = kernel.start(
            f"%%track t2\nbig = pd.DataFrame(np.random.default_rng({step}).random((600_000, 6)))\nprint('done', flush=True)"
        )
        while True:
            message = kernel.client.get_iopub_msg(timeout=90)
            if message["msg_type"] == "stream" and "done" in message["content"]["text"]:
                break
        time.sleep(step * 0.012)
        os.kill(process.pid, signal.SIGINT)
        kernel.wait(request)
        # What comes next is answered: nothing hangs, whatever was interrupted.
        assert kernel.value("1 + 1") == "2"
    made = len(lake_of(kernel).log().entries) if (kernel.folder / "lake/.mvlake/lake.toml").exists() else 0
    assert made < 12  # some were interrupted before their record
    ran = kernel.run("%%track t2\nsmall = [1]")
    assert f"t2:v{made + 1}" in ran.cards[0]
    lake = lake_of(kernel)
    assert lake.verify().is_clean
    for entry in lake.log("t2").entries:
        assert lake.load(entry.ref, "small" if entry.version.names.bound == ("small",) else "big") is not None
    assert not [path for path in (kernel.folder / "lake/.mvlake/tmp").rglob("*") if path.is_file()]


NOISY = r"""
import atexit, logging, sys, warnings
import mvlake.capture.gather as inner
kept = inner.gather_facts
def noisy(*args, **kwargs):
    warnings.warn('from capture')
    return kept(*args, **kwargs)
inner.gather_facts = noisy
"""


def test_t3_warnings_and_threads_of_ours_are_silent(kernel):
    kernel.run("import numpy as np")
    kernel.run(NOISY)
    ran = kernel.run("%%track t3\nbig = np.arange(3_000_000)\n[1]", attended=True)
    assert [part[0] for part in ran.shown] == ["execute_result"]
    assert kernel.next_card().startswith("t3:v1")
    assert version_of(kernel, "t3:v1").warnings == ()


def test_t3_a_process_that_ends_says_nothing_of_ours(tmp_path):
    script = (
        "from IPython.core.interactiveshell import InteractiveShell\nshell = InteractiveShell.instance()\n"
        "for cell in ('%load_ext mvlake', 'import numpy as np', '%%track t3\\nbig = np.arange(3_000_000)'):\n    shell.run_cell(cell)\n"
    )
    environment = {**os.environ, "MVLAKE_LAKE": str(tmp_path), "IPYTHONDIR": str(tmp_path), "MVLAKE_CARD": "off"}
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, env=environment, cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert [entry.ref for entry in Lake.open(tmp_path, create=False).log().entries] == ["t3:v1"]


STATEFUL = r"""
import csv, io, itertools, os, socket, sqlite3, tempfile, threading, multiprocessing
place = os.path.join(tempfile.mkdtemp(), 'f'); open(place, 'w').write('a,b\n1,2\n3,4\n')
base = sqlite3.connect(':memory:'); base.executescript('create table t (n); insert into t values (1), (2), (3)')
left, right = socket.socketpair(); left.sendall(b'xyz')
async def ticks():
    for n in range(3): yield n
things = dict(
    generator=(n for n in range(3)), iterator=iter([0, 1, 2]), mapped=map(int, '012'), zipped=zip('012'), counted=itertools.count(),
    islice=itertools.islice(range(9), 3), handle=open(place), rows=csv.reader(open(place)), cursor=base.execute('select n from t'),
    reading=io.BytesIO(b'012'), agen=ticks(),
)
globals().update(things)
lock, event, thread, process, ears = threading.Lock(), threading.Event(), threading.current_thread(), multiprocessing.current_process(), right
"""
NEXT = {
    "generator": "next(generator)", "iterator": "next(iterator)", "mapped": "next(mapped)", "zipped": "next(zipped)",
    "counted": "next(counted)", "islice": "next(islice)", "handle": "handle.readline()", "rows": "next(rows)",
    "cursor": "cursor.fetchone()", "reading": "reading.read(1)", "ears": "ears.recv(1)",
}  # fmt: skip
FIRST = {
    "generator": "0", "iterator": "0", "mapped": "0", "zipped": "('0',)", "counted": "0", "islice": "0", "handle": "a,b\n",
    "rows": "['a', 'b']", "cursor": "(1,)", "reading": "b'0'", "ears": "b'x'",
}  # fmt: skip


def test_t5_and_t9_nothing_is_advanced_and_what_cannot_be_kept_is_skipped_by_its_type(kernel):
    kernel.run(STATEFUL)
    names = [*NEXT, "agen", "lock", "event", "thread", "process", "base"]
    kernel.run(f"%%track t5\ncopies = [{', '.join(names)}]\nlen(copies)")
    for name in names:
        kernel.run(f"%%track t5\nseen_{name} = {name}\nok = ['{name}']")
    versions = [entry.version for entry in lake_of(kernel).log("t5").entries]
    assert {"seen_lock", "seen_ears", "seen_thread"} <= {one.name for version in versions for one in version.omitted}
    described = {one.name: one.kind.value for version in versions for one in version.described}
    assert {f"seen_{name}" for name in NEXT if name not in ("ears", "reading")} | {"seen_agen", "seen_base"} <= set(described)
    assert (described["seen_cursor"], described["seen_handle"], described["seen_islice"]) == ("cursor", "file", "iterator")
    for name, call in NEXT.items():
        assert kernel.value(call) == FIRST[name], name
    assert kernel.value("lock.locked()") == "False"
    assert kernel.run("await anext(agen)").result == "0"


def test_t6_lazy_things_are_described_and_never_computed(kernel):
    kernel.run("import polars as pl, duckdb\ncomputed = []")
    kernel.run("lazy = pl.LazyFrame({'a': [1, 2]}).map_batches(lambda f: computed.append(1) or f)")
    kernel.run("relation = duckdb.sql('select 1 as n')\n")
    kernel.run("%%track t6\nplan, related = lazy.filter(pl.col('a') > 1), relation\nok = sorted([1])")
    assert kernel.value("computed") == "[]"
    version = version_of(kernel, "t6:v1")
    assert {one.name for one in version.artifacts} >= {"ok"}
    assert version.omitted == ()
    told = {(one.role.value, one.name): one for one in version.described}
    assert told["output", "plan"].source == "plan, related = lazy.filter(pl.col('a') > 1), relation"
    assert told["input", "relation"].source == "relation = duckdb.sql('select 1 as n')"
    assert told["input", "relation"].sql == told["output", "related"].sql == "select 1 as n"
    assert kernel.run("lazy.collect().height").result == "2"
    assert kernel.value("computed") != "[]"


def test_t7_recursive_deep_huge_and_mapped_things_are_bounded(kernel):
    kernel.run("import numpy as np, os, tempfile, resource\nfolder = tempfile.mkdtemp()")
    kernel.run("%%track t7\nloop = []\nloop.append(loop)\nround_ = {}\nround_['me'] = [round_]\nok = [1]")
    kernel.run("%%track t7\ndeep = []\nfor n in range(100_000):\n    deep = [deep]\nok = [2]")
    kernel.run(
        "path = os.path.join(folder, 'm')\nwith open(path, 'wb') as file: file.truncate(2 << 30)\npeak = resource.getrusage(0).ru_maxrss"
    )
    ran = kernel.run("%%track t7\nmapped = np.memmap(path, dtype='u1', mode='r')\nok = [3]")
    assert ran.status == "ok"
    assert int(kernel.value("resource.getrusage(0).ru_maxrss - peak")) < 1 << 20  # KiB: nothing like 2 GB was copied
    lake = lake_of(kernel)
    assert [lake.load(f"t7:v{number}", "ok") for number in (1, 2, 3)] == [[1], [2], [3]]
    said = {one.name for entry in lake.log("t7").entries for one in entry.version.omitted}
    assert "deep" in said, said
    (mapped,) = version_of(kernel, "t7:v3").described
    assert {one.name: one.value for one in mapped.traits} == {
        "file": kernel.value("path"),
        "shape": "(2147483648,)",
        "dtype": "uint8",
        "offset": "0",
        "mode": "r",
    }
    kernel.run("deep = None")


def test_t8_overloaded_equality_is_not_asked(kernel):
    kernel.run(
        "import numpy as np, pandas as pd, sympy\nasked = []\nclass Says:\n    def __eq__(self, other): asked.append(1); return np.array([1, 2])\n"
        "    __hash__ = None\nclass Falsy:\n    def __bool__(self): asked.append(2); raise ValueError('ambiguous')"
    )
    kernel.run("says, falsy, symbol, na, array = Says(), Falsy(), sympy.Symbol('x'), pd.NA, np.array([1, 2])")
    ran = kernel.run(
        "%%track t8\ntold = [id(says), id(falsy), str(symbol), type(na).__name__, len(array)]\nsays.n = 1\narray[0] = 5"
    )
    assert ran.status == "ok"
    assert kernel.value("asked") == "[]"
    assert version_of(kernel, "t8:v1").names.mutated[0] == "array"


CHANGING = r"""
import threading, time, numpy as np
array, stop = np.zeros(400_000), threading.Event()
def change():
    n = 0
    while not stop.is_set():
        n += 1
        array[:] = n
thread = threading.Thread(target=change, daemon=True); thread.start()
"""


@pytest.mark.parametrize("attended", [False, True])
def test_t10_what_another_thread_changes_meanwhile_is_called_unstable(kernel, attended):
    kernel.run(CHANGING)
    if attended:
        kernel.run("from mvlake.capture import writer\nwriter.AT_ONCE = -1")
    for number in range(6):
        kernel.run(f"%%track t10\nother = array\nok = [{number}]", attended=attended)
    kernel.run("stop.set(); thread.join()")
    kernel.run("%mv status")
    lake = lake_of(kernel)
    reasons = [one.reason for entry in lake.log("t10").entries for one in entry.version.omitted if one.name == "other"]
    assert any("unstable" in reason for reason in reasons)
    assert lake.verify(data=True).is_clean  # whatever was kept is what its name says
    kernel.run("%%track t10\nother = array\nok = ['still']")
    assert len(lake_of(kernel).load("t10", "other")) == 400_000


def test_t11_a_forked_child_commits_nothing_and_its_parent_is_intact(kernel):
    kernel.run("import os, sys, multiprocessing")
    child = (
        "%%track t11\npid = os.fork()\nif pid == 0:\n    try:\n        get_ipython().run_cell('%%track child\\nx = [1]')\n        sys.exit(0)\n"
        "    except BaseException:\n        pass\n    finally:\n        os._exit(7)\nok = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])]"
    )
    assert kernel.run(child).status == "ok"
    kernel.run("def work(n): return n * n")
    kernel.run("%%track t11\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n    squares = pool.map(work, range(4))")
    lake = lake_of(kernel)
    assert [entry.ref for entry in lake.log().entries] == ["t11:v2", "t11:v1"]
    assert (lake.load("t11:v1", "ok"), lake.load("t11:v2", "squares")) == ([7], [0, 1, 4, 9])
    assert lake.verify().is_clean


def test_t12_nothing_is_kept_alive_and_memory_is_flat_over_a_thousand_cells(kernel):
    kernel.run("import gc, weakref, resource, numpy as np, pandas as pd\nclass Own: pass")
    kernel.run(
        "%%track t12\ndf, arr, own = pd.DataFrame({'a': np.zeros(500_000)}), np.zeros(500_000), Own()\nref = [1]", attended=True
    )
    kernel.run("%mv status")
    kernel.run("%%track t12\ntotal = df.a.sum() + arr.sum()\nown\nNone", attended=True)
    kernel.run("%mv status")
    kernel.run("refs = [weakref.ref(one) for one in (df, arr, own)]\ndel df, arr, own\ngc.collect()\nNone")
    assert kernel.value("[ref() is None for ref in refs]") == "[True, True, True]"
    kernel.run(
        "def rss():\n    gc.collect()\n    return int(open('/proc/self/statm').read().split()[1]) * 4096\n"
        "def cells(first, last):\n    for n in range(first, last):\n"
        "        get_ipython().run_cell(f'%%track many\\nframe = pd.DataFrame({{\"a\": [{n}] * 1000}})\\nscore = {n} / 7', store_history=False)\n"
    )
    kernel.run("cells(0, 300)\nbefore = rss()\ncells(300, 1000)\nafter = rss()")
    assert int(kernel.value("after - before")) < 40 << 20
    assert len(lake_of(kernel).log("many", limit=2000).entries) == 1000


OVERRIDES = {
    "shadowed": "type = open = str = len = isinstance = sorted = dict = set = print",
    "unshadowed": "del type, open, str, len, isinstance, sorted, dict, set",
    "stdout": "import io, sys; kept_out, sys.stdout = sys.stdout, io.StringIO()",
    "stdout back": "sys.stdout = kept_out",
    "chdir": "import os; os.chdir('/')",
    "umask": "_ = os.umask(0o077)",
    "tracer": "sys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)",
    "tracer off": "sys.settrace(None); sys.setprofile(None)",
    "errors": "import warnings; warnings.simplefilter('error')",
    "limit": "sys.setrecursionlimit(150)",
    "limit back": "sys.setrecursionlimit(3000)",
    "frozen": "import time; time.time = time.perf_counter = lambda: 0.0",
    "locale": "import locale; _ = locale.setlocale(locale.LC_ALL, 'C')",
    "signals": "import signal; _ = signal.signal(signal.SIGTERM, signal.SIG_IGN)",
}


def test_t13_what_users_override_does_not_reach_capture(kernel):
    kernel.run("import pandas as pd")
    for number, (name, cell) in enumerate(OVERRIDES.items(), 1):
        ran = kernel.run(f"%%track t13\n{cell}\nok{number} = [{number}]\nframe = pd.DataFrame({{'n': [{number}]}})")
        assert (ran.status, ran.shown) == ("ok", []), name
        assert "t13:v" in "".join(ran.cards), (name, kernel.value("__import__('mvlake.magics.extension')") and ran.cards)
        version = version_of(kernel, f"t13:v{number}")
        assert [one for one in version.omitted if one.name in ("frame", f"ok{number}")] == [], name
        assert lake_of(kernel).load(f"t13:v{number}", f"ok{number}") == [number]
    assert kernel.value("__import__('os').getcwd()") == "/"
    assert lake_of(kernel).verify().is_clean


def test_t13_time_that_the_user_stops_goes_on_for_capture(kernel):
    kernel.run("import datetime, time\nfrom freezegun import freeze_time\nold = freeze_time('2001-01-01')")
    ran = kernel.run("%%track t13\nold.start()\nok = [1]\nprint(datetime.datetime.now().year)")
    assert (ran.status, ran.text) == ("ok", "2001\n")
    for number in (2, 3):
        ran = kernel.run(f"%%track t13\ntime.sleep(0.2)\nok = [{number}]\nprint(datetime.datetime.now().year, int(time.time()))")
        assert (ran.status, ran.text) == ("ok", "2001 978307200\n")
    kernel.run("%%track t13\nold.stop()\nok = [4]")
    lake = lake_of(kernel)
    entries = [lake.show(f"t13:v{number}").entry for number in (1, 2, 3, 4)]
    moments = [moment for one in entries for moment in (one.version.started_at, one.created_at)]
    assert moments == sorted(moments)
    assert not any(moment.startswith("2001") for moment in moments)
    assert all(one.version.duration >= 0.2 for one in entries[1:3])
    assert [len(one.version.usage.samples) > 0 for one in entries[1:3]] == [True, True]
    assert lake.verify().is_clean


PATCHED = r"""
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in (
    "%load_ext mvlake",
    "import json, warnings, pandas as pd\nasked = []\ndef never(*a, **k):\n    asked.append(1)\n    raise ValueError('mine')",
    "%%track t13\njson.dumps = json.loads = json.load = json.dump = never\nok = [1]\nwarnings.warn('careful')",
    "%%track t13\nok = [2, '\\ud800']",
    "%%track t13\nframe = pd.DataFrame({'a': [1]}, index=['x'])\nok = [3]\nframe",
    "print('asked', len(asked))",
):
    assert shell.run_cell(cell, store_history=True).success
"""


def test_t13_json_that_the_user_replaces_is_not_ours(tmp_path):
    environment = {**os.environ, "MVLAKE_LAKE": str(tmp_path), "IPYTHONDIR": str(tmp_path), "MVLAKE_CARD": "off"}
    ran = subprocess.run(
        [sys.executable, "-c", PATCHED], capture_output=True, text=True, timeout=120, env=environment, cwd=tmp_path
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("asked 0\n"), ran.stdout
    lake = Lake.open(tmp_path, create=False)
    assert [entry.ref for entry in lake.log().entries] == ["t13:v3", "t13:v2", "t13:v1"]
    assert [one.name for entry in lake.log().entries for one in entry.version.omitted] == []
    assert lake.load("t13:v2", "ok") == [2, "\ud800"]


ODD_CELLS = {
    "bash": ("%%bash\necho hi", "hi\n"),
    "nested": ("get_ipython().run_cell('inner = [1]')\nok = [2]", None),
    "reload": ("%load_ext autoreload\n%autoreload 2\nok = [3]", None),
    "await": ("import asyncio\nok = [await asyncio.sleep(0, result=4)]", None),
}


def test_t14_cells_of_every_kind_are_recorded_as_what_they_were(kernel):
    for name, (cell, text) in ODD_CELLS.items():
        ran = kernel.run(f"%%track {name}\n{cell}")
        assert ran.status == "ok"
        assert text is None or ran.text == text
        assert version_of(kernel, f"{name}:v1").cells[-1].is_tracked, name
    silent = kernel.start("%%track silent\nunseen = [1]", silent=True)
    kernel.wait(silent)
    assert "silent" not in [entry.version.name for entry in lake_of(kernel).log().entries]
    kernel.run("hooks = []\nget_ipython().events.register('post_run_cell', lambda r: hooks.append(r))")
    kernel.run("%%track hooked\nok = [1]")
    assert version_of(kernel, "hooked:v1").cells[-1].execution_count is not None
    kernel.run("%%track failed\nraise ValueError('x')")
    kernel.run("%%track failed\ndef (:")
    kernel.run("%%track left\nexit_ = [1]\nraise SystemExit")
    attempts = {(one.name, one.error_type) for one, _ in lake_of(kernel).log().attempts}
    assert attempts == {("failed", "ValueError"), ("failed", "SyntaxError"), ("left", "SystemExit")}
    # Registered inside a running cell, our hooks hear of its end and not of its beginning.
    kernel.run("%unload_ext mvlake")
    ran = kernel.run("%load_ext mvlake\nlate = [1]")
    assert ran.status == "ok"
    assert "ran before %load_ext" in ran.cards[0]
    kernel.run("%%track after\nok = [len(late)]")
    assert [one.execution_count for one in version_of(kernel, "after:v1").cells][-2:] == [ran.count, ran.count + 1]


def test_t14_exit_ends_the_kernel_and_loses_nothing(kernel):
    kernel.run("import numpy as np")
    kernel.run("%%track t14\nbig = np.arange(3_000_000)", attended=True)
    kernel.start("%%track t14\nok = [1]\nexit()")
    assert kernel.manager.provisioner.process.wait(timeout=90) == 0
    assert {entry.ref for entry in lake_of(kernel).log().entries} >= {"t14:v1"}
    assert lake_of(kernel).verify().is_clean


TEXTS = ["\ud800 alone", "nul \x00 in it", "🦜 žluťoučký", "line\r\nends\rmixed\n", "tab\tand \x1b[31mred\x1b[0m", "x" * (1 << 20)]


def test_t18_texts_are_kept_to_the_letter_and_shown_safely(kernel):
    from mvlake.view.html import as_html
    from mvlake.view.text import as_text

    for number, text in enumerate(TEXTS, 1):
        kernel.run(f"%%track t18\nvalue = [{text!a}]\nprint(value[0].encode('utf-8', 'replace').decode(), end='')\nvalue[0][:100]")
        lake = lake_of(kernel)
        assert lake.load(f"t18:v{number}", "value") == [text]
        answer = lake.show(f"t18:v{number}")
        assert ascii(text) in answer.dossier.sources[-1]
        for shown in (as_text(answer), as_html(answer)):
            shown.encode()
            assert "\x1b" not in shown
            assert "\x00" not in shown
    kernel.run("%%track cell\n# " + "🦜\ud7ff" * 300_000 + "\nok = [1]")
    assert len(lake_of(kernel).show("cell:v1").dossier.sources[-1]) > 600_000


CANDIDATES = r"""
def candidates():
    import asyncio, atexit, builtins, gc, io, json, linecache, logging, os, pathlib, pickle, random, signal, socket, subprocess, sys, threading, time, warnings
    import numpy, pandas, sklearn.base, sklearn.metrics, sklearn.linear_model, matplotlib.pyplot
    ip = get_ipython()
    held = {}
    for module in (asyncio, atexit, builtins, gc, io, json, linecache, logging, os, pathlib, pickle, random, signal, socket, subprocess, sys, threading,
                   time, warnings, numpy, numpy.random, pandas, sklearn.base, sklearn.metrics, sklearn.linear_model, matplotlib.pyplot):
        for name, value in list(vars(module).items()):
            if callable(value) and name not in ('input', 'getpass', 'excepthook', 'last_type'): held[module.__name__, name] = id(value)
    for kind in (pandas.DataFrame, pandas.Series, numpy.ndarray, sklearn.linear_model.LogisticRegression, sklearn.base.BaseEstimator, type(ip), type(ip.display_pub), type(ip.displayhook), type(sys.stdout)):
        for name, value in list(vars(kind).items()): held[kind.__qualname__, name] = id(value)
    held['attributes'] = repr((sorted(vars(ip.display_pub)), sorted(vars(ip.displayhook)), 'write' in vars(sys.stdout)))
    held['python'] = repr((sys.gettrace(), sys.getprofile(), sys.meta_path, sys.path_hooks, gc.callbacks, [signal.getsignal(n) for n in (2, 15)]))
    held['events'] = repr({k: len(v) for k, v in ip.events.callbacks.items()})
    held['transformers'] = repr((ip.input_transformers_cleanup, ip.input_transformers_post, ip.ast_transformers))
    held['magics'] = repr((sorted(ip.magics_manager.magics['cell']), sorted(ip.magics_manager.magics['line']), list(ip.alias_manager.default_aliases)))
    held['namespace'] = repr((type(ip.user_ns), ip.user_ns is globals(), type(ip).__name__))
    if sys.version_info >= (3, 12): held['tools'] = [sys.monitoring.get_tool(n) for n in range(6)]
    return held
"""


def test_nothing_that_is_patched_stays(start_kernel):
    kernel = start_kernel(load=False)
    kernel.run("import mvlake, mvlake.magics.extension, mvlake.capture.tracker\nfrom sklearn.metrics import accuracy_score")
    kernel.run(CANDIDATES)
    kernel.run("1")  # the first result ever gives the display hook an attribute
    kernel.run("_before = candidates()")
    kernel.run("%load_ext mvlake")
    kernel.run("%%track a\nimport pandas as pd\ndf = pd.DataFrame({'a': [1]})\nscore = accuracy_score([1], [1])\ndf")
    kernel.run("%%track a\n1 / 0")
    kernel.run("%unload_ext mvlake")
    kernel.run("_after = candidates()")
    changed = "sorted(str(k) for k in _before.keys() | _after.keys() if _before.get(k) != _after.get(k))"
    found = json.loads(kernel.value(f"__import__('json').dumps({changed})"))
    assert not found, "\n".join(found)
