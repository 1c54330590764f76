"""What the kernel of an experiment is told: in processes of their own, for they stay as they were made."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from mvlake.records.canonical import canonical
from mvlake.records.fields import to_fields
from mvlake.records.steady import Steady, Turns

BASE = Steady(1_700_000_000.0, 1, backwards=False, turns=Turns.FIRST, cpus=3)

ASKS = """
import json, sys
from mvlake.capture.steadying import hold_steady
from mvlake.records.canonical import parse
from mvlake.records.fields import from_fields
from mvlake.records.steady import Steady
import datetime as dt, time, threading
kinds = dt.datetime, dt.date
hold_steady(from_fields(Steady, parse(sys.argv[1].encode())))
import glob, os, pathlib, random, secrets, tempfile, uuid, multiprocessing
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing.pool import ThreadPool
assert kinds == (dt.datetime, dt.date)
folder = tempfile.mkdtemp()
for name in "bdac":
    pathlib.Path(folder, name).touch()
told = {}
told["time"] = [time.time(), time.time_ns(), time.perf_counter(), time.monotonic(), time.ctime(), list(time.gmtime()), str(uuid.uuid1())[:8]]
told["entropy"] = [os.urandom(4).hex(), secrets.token_hex(4), str(uuid.uuid4()), random.Random().random(), random.SystemRandom().random()]
random.seed()
told["entropy"].append(random.random())
with os.scandir(folder) as entries:
    scanned = [one.name for one in entries]
told["order"] = [os.listdir(folder), scanned, [one.name for one in pathlib.Path(folder).iterdir()]]
told["order"].append([os.path.basename(one) for one in glob.glob(folder + "/*")])
seen, started = [], []
def work(n):
    time.sleep(0.001)
    seen.append(n)
    return n
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for one in threads: one.start()
for one in threads: one.join()
with ThreadPoolExecutor(4) as pool:
    futures = [pool.submit(work, n) for n in range(4)]
    done = [one.result() for one in as_completed(futures)]
with ThreadPool(2) as pool:
    told["threads"] = [seen[:4], done, list(pool.imap_unordered(work, range(3)))]
told["cpus"] = [os.cpu_count(), multiprocessing.cpu_count()]
waiting = threading.Event()
late = threading.Thread(target=waiting.wait)
late.start()
waiting.set()
late.join(10)
assert not late.is_alive()
meeting = threading.Barrier(2)
with ThreadPoolExecutor(2) as pool:
    assert sorted(pool.map(lambda n: (meeting.wait(10), n)[1], range(2))) == [0, 1]
foreign = {"__name__": "zmq.sugar", "os": os, "time": time}
exec("def ask():\\n    return time.time(), os.urandom(8).hex()", foreign)
told["foreign"] = foreign["ask"]()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told():
    answers = {}

    def ask(steady, again=0):
        if (steady, again) not in answers:
            said = canonical(to_fields(steady)).decode()
            ran = subprocess.run([sys.executable, "-c", ASKS, said], capture_output=True, text=True, check=False, timeout=120)
            assert ran.returncode == 0, ran.stderr
            answers[steady, again] = json.loads(ran.stdout)
        return answers[steady, again]

    return ask


OTHERS = {
    "time": replace(BASE, clock=BASE.clock + 100_000),
    "entropy": replace(BASE, entropy=2),
    "order": replace(BASE, backwards=True),
    "threads": replace(BASE, turns=Turns.LAST),
    "cpus": replace(BASE, cpus=5),
}


def test_the_same_orders_get_the_same_answers(told):
    first, second = dict(told(BASE)), dict(told(BASE, 1))
    assert first.pop("foreign") != second.pop("foreign")  # the kernel's own machinery asks the system, as ever
    assert first == second
    assert first["order"] == [["a", "b", "c", "d"]] * 4
    assert first["threads"] == [[0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2]]
    assert first["cpus"] == [3, 3]
    assert 0 < first["time"][0] - BASE.clock < 1


@pytest.mark.parametrize("what", OTHERS)
def test_each_order_changes_its_answers_and_no_others(told, what):
    first, other = told(BASE), told(OTHERS[what])
    for name in ("time", "entropy", "order", "threads", "cpus"):
        assert (first[name] == other[name]) is (name != what), name
    if what == "order":
        assert other["order"] == [["d", "c", "b", "a"]] * 4
    if what == "threads":
        assert other["threads"] == [[3, 2, 1, 0], [3, 2, 1, 0], [2, 1, 0]]


def test_compiled_libraries_load_beside_a_steady_clock():
    code = (
        "from mvlake.capture.steadying import hold_steady\nfrom mvlake.records.steady import Steady, Turns\n"
        "hold_steady(Steady(1.7e9, 1, False, Turns.FIRST))\nimport pandas, pyarrow, polars, sklearn.linear_model\n"
        "print(len(pandas.DataFrame({'a': [1]})))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert (ran.returncode, ran.stdout) == (0, "1\n"), ran.stderr
