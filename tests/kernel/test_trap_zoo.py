"""The trap zoo goes through the whole capture of a real kernel: as inputs, outputs, results, parts, parameters and mutated things."""

import pytest

from mvlake.lake.lake import Lake

PREPARE = """
import sys, types, weakref, time, unittest.mock
from mvlake.testing import traps
log = []
"""
# What pickling asks an object of, once it has been classified as one that can only be pickled.
PICKLING = {"class", "reduce_ex", "reduce", "getstate", "getnewargs_ex", "getnewargs", "deepcopy", "getattribute"}
PICKLING |= {"class getattribute", "class hash"}  # it looks the class up in a table
ACTS = {
    "raising": "def act(name): raise RuntimeError(name)",
    "lying": "def act(name): return {'len': 10**9, 'bool': True, 'class': dict, 'hash': 1, 'index': 3, 'repr': 'x', 'iter': iter(())}.get(name)",
    "sleeping": "def act(name):\n    time.sleep(60)",
    "leaving": "def act(name): raise SystemExit(name)",
    "running deep": "def act(name): return act(name)",
}


def lake_of(kernel):
    return Lake.open(kernel.folder / "lake", create=False)


@pytest.mark.parametrize("act", [name for name in ACTS if name != "sleeping"])
def test_no_code_of_a_strangers_object_runs_but_what_pickling_runs(kernel, act):
    kernel.run(PREPARE)
    kernel.run(ACTS[act])
    kernel.run("cage = list(traps.zoo(log, act).values())\nlog.clear()")
    count = int(kernel.value("len(cage)"))
    ran = kernel.run(
        "%%track zoo\nfirst = cage[0]\npairs = [(1, one) for one in cage]\nbox = {'all': cage}\nsize = [len(cage)]\nNone"
    )
    assert (ran.status, ran.shown) == ("ok", [])
    for place in range(count):
        ran = kernel.run(
            f"%%track zoo\nread = cage[{place}] is None\nthing = cage[{place}]\nspare = [thing]\nn{place} = [{place}]\nNone"
        )
        assert (ran.status, ran.shown) == ("ok", []), place
        ran = kernel.run("%%track zoo\nother = thing is None\nNone")
        assert (ran.status, ran.shown) == ("ok", []), place
    said = set(eval(kernel.value("sorted({one.partition('.')[2] for one in log})")))
    assert said <= PICKLING, said - PICKLING
    assert kernel.value("len(cage)") == str(count)
    lake = lake_of(kernel)
    assert lake.verify().is_clean
    assert len(lake.log("zoo").entries) > count


def test_what_only_sleeps_is_never_waited_for(kernel):
    # Only what is refused by its type alone is named: a pickle of anything else would run its code, and sleep.
    kernel.run(PREPARE)
    kernel.run(ACTS["sleeping"])
    kernel.run(
        "traps.cage = traps.zoo(log, act)\ngen = (one for one in traps.cage.values())\nlock = __import__('threading').Lock()\nlog.clear()"
    )
    ran = kernel.run("%%track asleep\nalso = gen\nheld = lock\nnames = sorted(traps.cage)\nlen(traps.cage)")
    assert ran.status == "ok"
    assert kernel.value("[one for one in log if not one.endswith(('reduce_ex', 'class', 'getattribute'))]") == "[]"


ODD = """
class Dies:
    dead = []
    def __del__(self): Dies.dead.append(1)
class Huge:
    def __repr__(self): log.append('repr'); return 'x' * (1 << 30)
    __str__ = __repr__
class Lazy:
    def __getattr__(self, name): log.append(name); raise AttributeError(name)
    def __dir__(self): log.append('dir'); return []
class Target: pass
target = Target()
mock = unittest.mock.MagicMock(name='mock')
proxy = weakref.proxy(target)
space = types.SimpleNamespace(deep=Lazy())
module = types.ModuleType('fake'); module.__getattr__ = lambda name: log.append(name)
class Row(dict):
    def __missing__(self, key): log.append(key); return key
    def items(self): log.append('items'); return super().items()
log.clear()
"""


def test_mocks_proxies_huge_texts_and_lazy_things_are_left_alone(kernel):
    kernel.run(PREPARE)
    kernel.run(ODD)
    ran = kernel.run(
        "%%track odd\ndying, huge, lazy, row = Dies(), Huge(), Lazy(), Row(a=1)\nparts = [mock, proxy, space, module, huge, lazy, row]\n"
        "again, seen = mock, proxy\nok = [1]\nNone"
    )
    assert (ran.status, ran.shown) == ("ok", [])
    assert set(eval(kernel.value("log"))) <= {"__reduce_ex__", "__getstate__", "__reduce__", "__deepcopy__", "__class__", "items"}
    assert kernel.value("mock.mock_calls + mock.method_calls") == "[]"
    assert kernel.value("Dies.dead") == "[]"
    kernel.run("del dying, parts")
    assert kernel.value("Dies.dead") == "[1]"
    assert lake_of(kernel).load("odd:v1", "ok") == [1]
