from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.capture.analysis import analyze
from mvlake.capture.namespace import iterators_among
from mvlake.capture.slicing import Executed, Following, needed_cells


def ran(sources, names=None):
    """Run cells in one namespace, as a kernel does; return their history and the namespace."""
    namespace = {"__name__": "__main__"} if names is None else names
    history = []
    for position, source in enumerate(sources):
        before = dict(namespace)
        failed, facts = False, analyze(source)
        iterators = iterators_among(facts.reads, namespace)
        try:
            exec(source, namespace)
        except Exception:
            failed = True
        bound = {name for name in namespace if name not in before or before[name] is not namespace[name]} - {"__builtins__"}
        history.append(Executed(position, source, facts, frozenset(bound), failed=failed, iterators=iterators))
    return history, namespace


def needs(sources):
    history, _ = ran(sources[:-1])
    found = needed_cells(history, analyze(sources[-1]))
    following = Following()
    for end, cell in enumerate(history):
        needed_cells(history[:end], cell.facts, following=following)  # what was asked on the way changes nothing
    assert needed_cells(history, analyze(sources[-1]), following=following) == found
    return found


PREDICTOR = "class P:\n    def __init__(self): self.seen = []\n    def predict(self, x):\n        self.seen.append(x)\n        return len(self.seen)"
PURE = "class P:\n    def predict(self, x):\n        return len(x)"
CHANGER = "class P:\n    def transform(self, x):\n        x.append(1)\n        return x"
COUNTER = "count = []\nclass P:\n    def score(self, x):\n        count.append(x)\n        return 1"
GIVER = "class P:\n    def predict(self, x):\n        return x"
LOSS = "def own_loss(x):\n    x.append(1)\n    return 0"
TAKER = "class Taker:\n    def __init__(self, x): x.append(1)"
CASES = {
    "a predict of the user's own that changes its object": (
        [PREDICTOR, "p = P()", "p.predict(1)", "p.predict(2)", "p.seen"],
        [0, 1, 2, 3],
    ),
    "a predict of the user's own that changes nothing": ([PURE, "p = P()", "p.predict([1])", "p"], [0, 1]),
    "a transform of the user's own that changes what it is given": ([CHANGER, "p = P()\nx = []", "p.transform(x)", "x"], [0, 1, 2]),
    "a score of the user's own that changes a global": ([COUNTER, "p = P()", "p.score(1)", "count"], [0, 1, 2]),
    "such a method within a function": (
        [PREDICTOR, "p = P()\ndef ask(m):\n    return m.predict(1)", "ask(p)", "p.seen"],
        [0, 1, 2],
    ),
    "a subclass of such a class": ([PREDICTOR, "class Q(P): pass\nq = Q()", "q.predict(1)", "q.seen"], [0, 1, 2]),
    "such a method of another object": ([PURE, "m = P()", "x = [1]", "m.predict(x)", "x"], [2]),
    "a predict of the user's own that hands out what it is given": (
        [GIVER, "p = P()\nx = []", "y = p.predict(x)", "y.append(1)", "x"],
        [0, 1, 2, 3],
    ),
    "such a predict and the change in one cell": ([GIVER, "p = P()\nx = []", "y = p.predict(x)\ny.append(1)", "x"], [0, 1, 2]),
    "such a predict in the cell of its class": ([f"{GIVER}\np = P()", "x = []", "y = p.predict(x)\ny.append(1)", "x"], [0, 1, 2]),
    "such a predict of a class and its use in one cell": (["x = []", f"{GIVER}\ny = P().predict(x)\ny.append(1)", "x"], [0, 1]),
    "a predict that hands out a part of itself": (
        [
            "class P:\n    def __init__(self): self.o = []\n    def predict(self, x): return self.o",
            "p = P()",
            "y = p.predict(1)",
            "y.append(1)",
            "p",
        ],
        [0, 1, 2, 3],
    ),
    "a predict that makes something new": ([PURE, "p = P()", "x = []", "y = p.predict(x)", "y += 1", "x"], [2]),
    "a transform that hands out what it is given": (
        [GIVER.replace("predict", "transform"), "p = P()", "x = []", "y = p.transform(x)\ny.append(1)", "x"],
        [0, 1, 2, 3],
    ),
    "a nested change through a shallow copy": (["a = {'x': []}", "b = dict(a)", "b['x'].append(1)", "a"], [0, 1, 2]),
    "of what the cell of the copy made": (["a = {'x': []}\nb = a.copy()", "b['x'].append(1)", "a"], [0, 1]),
    "of what the cell of the copy made anew": (["a = [[]]", "a = [[]]\nb = a.copy()", "b[0].append(1)", "a"], [1, 2]),
    "of what the cell of the copy replaced": (["a = [[]]", "c = a", "b = a.copy()\na = [[]]", "b[0].append(1)", "c"], [0, 1, 2, 3]),
    "of what the cell of the copy replaced, which is no copy": (
        ["a = [[]]", "b = a.copy()\na = [[]]", "b[0].append(1)", "a"],
        [0, 1],
    ),
    "through a copy of its own": (["a = {'x': []}", "b = a.copy()", "b['x'].append(1)", "a"], [0, 1, 2]),
    "through a copy of a copy": (["a = {'x': []}", "b = a.copy()", "c = b | {}", "c['x'].append(1)", "a"], [0, 1, 2, 3]),
    "through another name of a copy": (["import copy\na = [[]]", "b = copy.copy(a)\nc = b", "c[0].append(1)", "a"], [0, 1, 2]),
    "through a part of a copy": (["a = {'x': []}", "b = a.copy()", "v = b['x']", "v.append(1)", "a"], [0, 1, 2, 3]),
    "through a loop over a copy": (["a = [[]]", "b = a.copy()", "for v in b:\n    v.append(1)", "a"], [0, 1, 2]),
    "through a function": (["a = [[]]", "b = a.copy()", "def f():\n    b[0].append(1)", "f()", "a"], [0, 1, 2, 3]),
    "of what was copied, which the copy holds too": (["a = {'x': []}", "b = a.copy()", "a['x'].append(1)", "b"], [0, 1, 2]),
    "a change of the copy alone": (["a = {'x': []}", "b = a.copy()", "b['y'] = 1", "a"], [0]),
    "a change through an accessor of a copy": (["a = [1]", "b = a.copy()", "b.loc[0] = 2", "a"], [0]),
    "a sum": (["a = [[]]", "b = a + [1]", "b[0].append(1)", "a"], [0, 1, 2]),
    "a nested change of a copy that is another by then": (["a = [[]]", "b = a.copy()", "b = [[]]", "b[0].append(1)", "a"], [0]),
    "a function that is named like a measure and changes things": ([LOSS, "h = []", "own_loss(h)", "h"], [0, 1, 2]),
    "such a function within another": ([LOSS, "h = []\ndef f(x):\n    return own_loss(x)", "f(h)", "h"], [0, 1, 2]),
    "a constructor that changes an argument inside a function": (
        [TAKER, "h = []\ndef f(x):\n    return Taker(x)", "t = f(h)", "h"],
        [0, 1, 2],
    ),
    "a constructor that keeps one": (
        ["class Taker:\n    def __init__(self, x): self.x = 1", "h = []\ndef f(x):\n    return Taker(x)", "t = f(h)", "h"],
        [1],
    ),
    "an iterator that a plain loop uses up": (
        ["def rows():\n    yield from range(9)", "it = iter(rows())", "for r in it:\n    if r == 3: break", "next(it)"],
        [0, 1, 2],
    ),
    "an iterator from a call": (
        [
            "class Rows:\n    def read(self): return iter([1, 2, 3])\nr = Rows()",
            "it = r.read()",
            "for x in it:\n    break",
            "list(it)",
        ],
        [0, 1, 2],
    ),
    "a list that a plain loop reads": (["xs = sorted([2, 1])", "for x in xs: pass", "xs"], [0]),
    "a file": (
        ["import os", "open('/tmp/mvlake-slice.txt', 'w').write('1')", "z = 1", "text = open('/tmp/mvlake-slice.txt').read()"],
        [1],
    ),
    "a file that is written again": (
        [
            "open('/tmp/mvlake-slice.txt', 'w').write('1')",
            "open('/tmp/mvlake-slice.txt', 'w').write('2')",
            "open('/tmp/mvlake-slice.txt').read()",
        ],
        [1],
    ),
    "a file that is written on": (
        [
            "open('/tmp/mvlake-slice.txt', 'w').write('1')",
            "open('/tmp/mvlake-slice.txt', 'a').write('2')",
            "open('/tmp/mvlake-slice.txt').read()",
        ],
        [0, 1],
    ),
    "a file by a name": (
        [
            "from pathlib import Path\npath = '/tmp/mvlake-slice.txt'",
            "Path(path).write_text('1')",
            "q = 2",
            "text = open(Path('/tmp/mvlake-slice.txt')).read()",
        ],
        [0, 1],
    ),
    "a file that a function writes": (
        [
            "def save(text):\n    with open('/tmp/mvlake-slice.txt', 'w') as f:\n        f.write(text)",
            "save('1')",
            "open('/tmp/mvlake-slice.txt').read()",
        ],
        [0, 1],
    ),
    "another file": (["open('/tmp/mvlake-slice.txt', 'w').write('1')", "open('/etc/hostname').read()"], []),
    "a direct use": (["a = 1", "b = 2", "a"], [0]),
    "a chain": (["a = [1]", "b = a + [2]", "c = 3", "b"], [0, 1]),
    "the last definition alone": (["a = [1]", "a = [2]", "a"], [1]),
    "the same literal run again": (["a = 1", "a = 1", "a"], [1]),
    "a conditional definition": (["a = [1]", "c = True", "if c:\n    a = [2]", "a"], [0, 1, 2]),
    "a change in place": (["a = []", "a.append(1)", "b = []", "b.append(1)", "a"], [0, 1]),
    "a change before a new definition": (["a = []", "a.append(1)", "a = [3]", "a"], [2]),
    "looking is no change": (["a = [1]", "print(len(a))", "sorted(a)", "a"], [0]),
    "a change through another name": (["a = []", "b = a", "b.append(1)", "a"], [0, 1, 2]),
    "a change through a container": (["m = []", "box = {'m': m}", "box['m'].append(1)", "m"], [0, 1, 2]),
    "a change to what a container holds": (["m = []", "box = [m]", "m.append(1)", "box"], [0, 1, 2]),
    "a part of it is no change": (["d = [[1]]", "v = d[0]", "w = list(d[0][:1])", "p = {'n': d}", "d"], [0]),
    "a change through a part": (["d = [[1]]", "v = d[0]", "v.append(1)", "d"], [0, 1, 2]),
    "a constructor keeps what it is given": (["d = [1]", "s = lib.Dataset(d, label=d)", "d"], [0]),
    "a function that reads a part": (["d = [[1]]", "def f(x):\n    return x[0]", "v = f(d)", "d"], [0]),
    "a part that is perhaps another": (["d = [[1]]", "v = [2]", "if d:\n    v = d[0]", "v"], [0, 1, 2]),
    "a table that draws itself": (["d = [[1]]", "d[0].hist(bins=3)", "d[0].plot('a', 'b')", "d"], [0]),
    "axes that draw": (["d = [1]", "a = [1]", "a[0].hist(d)", "a"], [0, 1, 2]),
    "an import by name": (["d = [1]", "t = __import__('time').time()", "d"], [0]),
    "a module by name": (["d = [1]", "t = __import__('time').time()", "t"], [1]),
    "an iterator that is used up": (["a = [1, 2]", "i = iter(a)", "h = list(i)", "i"], [0, 1, 2]),
    "a generator that is used up": (["def g():\n    yield 1", "i = g()", "h = list(i)", "i"], [0, 1, 2]),
    "a schedule of rates": (["d = [1]", "s = StepLR(d)", "d"], [0, 1]),
    "a change of a copy": (["a = [1]", "b = a.copy()", "b.append(1)", "a"], [0]),
    "the function and what it reads when called": (["def f():\n    return k", "k = 1", "k = 2", "f()"], [0, 2]),
    "functions that call functions": (["k = 1", "def f():\n    return k", "def g():\n    return f()", "u = 1", "g()"], [0, 1, 2]),
    "a function that changes a global": (["log = []", "def f():\n    log.append(1)", "f()", "log"], [0, 1, 2]),
    "a function that binds a global": (["def f():\n    global n\n    n = 5", "f()", "n"], [0, 1]),
    "a function that leaves its argument alone": (["def f(x):\n    return len(x)", "d = [1]", "f(d)", "d"], [1]),
    "a function that changes its argument": (["def f(x):\n    x.append(1)", "d = [1]", "f(d)", "d"], [0, 1, 2]),
    "a method that reads a global": (
        ["class M:\n    def go(self):\n        return k", "k = 1", "m = M()", "k = 2", "m.go()"],
        [0, 1, 2, 3],
    ),
    "a closure that counts": (
        [
            "def make():\n    n = [0]\n    def inc():\n        n[0] += 1\n        return n[0]\n    return inc",
            "inc = make()",
            "inc()",
            "z = 1",
            "inc()",
        ],
        [0, 1, 2],
    ),
    "a closure over a global": (
        ["log = []", "def make():\n    return lambda: log.append(1)", "f = make()", "f()", "log"],
        [0, 1, 2, 3],
    ),
    "an argument that a function keeps": (
        ["box = []", "def f(x):\n    box.append(x)", "a = []", "f(a)", "box[0].append(1)", "a"],
        [0, 1, 2, 3, 4],
    ),
    "an argument kept and changed in one cell": (
        ["box = []", "def f(x):\n    box.append(x)", "a = []", "f(a)\nbox[0].append(1)", "a"],
        [0, 1, 2, 3],
    ),
    "an argument kept by a function's function": (
        ["box = []", "a = []", "def f(x):\n    box.append(x)", "def g():\n    f(a)", "g()", "box[0].append(1)", "a"],
        [0, 1, 2, 3, 4, 5],
    ),
    "a function redefined under an earlier one that calls it": (
        ["b = []", "def f():\n    return 1", "def g():\n    return f()", "def f():\n    return b\na = g()", "a"],
        [0, 1, 2, 3],
    ),
    "what a function hands out through another": (
        ["b = []", "def f():\n    return b", "def g():\n    return f()", "a = g()", "a.append(1)", "b"],
        [0, 1, 2, 3, 4],
    ),
    "a stored lambda": (["fs = []", "k = 1", "fs.append(lambda: k)", "k = 2", "fs[0]()"], [0, 1, 2, 3]),
    "imports": (["import math", "import json", "math.pi"], [0]),
    "calling a module does not change it": (["import math", "y = math.floor(2.5)", "math.pi"], [0]),
    "a patched module": (["import json", "json.extra = 4", "json.extra"], [0, 1]),
    "an inherited class": (["class A:\n    v = 1", "class B(A):\n    pass", "B().v"], [0, 1]),
    "seeds": (["import random", "random.seed(1)", "x = 1", "2"], [0, 1]),
    "a failed cell for what it bound": (["a = [1]", "b = [2]\n1 / 0\na = [3]", "b"], [1]),
    "a failed cell that did not get there": (["a = [1]", "1 / 0\na = [3]", "a"], [0]),
    "augmented assignment": (["n = 1", "n += 1", "n"], [0, 1]),
    "unseen code after the object was made": (["c = 'a.append(1)'", "a = []", "exec(c)", "b = 1", "a"], [0, 1, 2]),
    "unseen code before the object was made": (["exec('x = ' + '1')", "a = []", "a"], [1]),
    "unseen code that bound the name": (["t = 'x = [1]'", "exec(t)", "x"], [0, 1]),
    "a star import for what it bound": (["from math import *", "u = 1", "pi"], [0]),
    "settings that a training cell was given": (["n = 500", "class T:\n    def __init__(self, n): pass", "t = T(n)", "n"], [0]),
    "nothing": (["a = 1", "2"], []),
}


@pytest.mark.parametrize("case", CASES)
def test_a_slice_holds_what_the_result_depends_on(case):
    sources, expected = CASES[case]
    assert needs(sources) == tuple(expected)


def test_code_that_may_read_anything_needs_everything():
    assert needs(["a = 1", "b = 2", "print(1)", "exec(a * 'x')"]) == (0, 1)


def test_our_own_lines_are_never_needed_and_what_they_restore_needs_nothing():
    made = Executed(0, "m = [1]", analyze("m = [1]"), frozenset({"m"}))
    command = "get_ipython().run_line_magic('mv', 'checkout x:v1')"
    restored = Executed(1, command, analyze(command), frozenset({"m"}), frozenset({"m"}))
    assert needed_cells([made], analyze("m")) == (0,)
    assert needed_cells([made, restored], analyze("m")) == ()


def test_further_names_can_be_needed():
    history, _ = ran(["a = 1", "b = 2"])
    assert needed_cells(history, analyze("3"), also=["b"]) == (1,)


def test_positions_are_those_of_the_session():
    history, _ = ran(["a = 1", "b = 2"])
    assert needed_cells([replace(one, position=one.position + 40) for one in history], analyze("b")) == (41,)


def test_a_long_chain_is_followed_to_its_beginning():
    facts = [analyze(f"x{i + 1} = g(x{i})") for i in range(3_000)]
    history = [Executed(i, "", one, frozenset({f"x{i + 1}"})) for i, one in enumerate(facts)]
    assert needed_cells(history, analyze("x3000")) == tuple(range(3_000))


NAMES = ["a", "b", "c", "d"]
name = st.sampled_from(NAMES)
small = st.integers(0, 5)
FUNCTIONS = {
    "pure": "def f(x):\n    return [*x, 7]",
    "changing": "def f(x):\n    x.append(8)\n    return x",
    "global": "def f(x):\n    a.append(len(x))\n    return [1]",
    "sharing": "def f(x):\n    return b",
    "reading": "def f(x):\n    return [*c, *x]",
    "binding": "def f(x):\n    global d\n    d = [*x]\n    return d",
    "keeping": "def f(x):\n    box.append(x)\n    return [2]",
}
statement = st.one_of(
    st.builds("{} = [{}]".format, name, small),
    st.builds("{} = {}".format, name, name),
    st.builds("{} = [*{}, *{}]".format, name, name, name),
    st.builds("{} = {}.copy()".format, name, name),
    st.builds("{}.append({})".format, name, small),
    st.builds("{} += [{}]".format, name, small),
    st.builds("{}[0] = {}".format, name, small),
    st.builds("if len({}) > {}:\n    {} = [{}]".format, name, small, name, small),
    st.builds("for q in range({}):\n    {}.append(q)\n    {} = {}".format, st.integers(0, 2), name, name, name),
    st.builds("{} = f({})".format, name, name),
    st.builds("f({})".format, name),
    st.builds("def g():\n    return f({})".format, name),
    st.builds("{} = g()".format, name),
    st.sampled_from(list(FUNCTIONS.values())),
    st.builds("box.append({})".format, name),
    st.just("box[-1].append(9)"),
    st.builds("box = [{}]".format, name),
    st.builds("k = lambda: {}.append(3)".format, name),
    st.just("k()"),
    st.builds("try:\n    {}[7] = 1\nexcept IndexError:\n    {} = [4]".format, name, name),
    st.builds("nest = {{'x': {}}}".format, name),
    st.sampled_from(["twin = nest.copy()", "twin = nest | {}", "import copy\ntwin = copy.copy(nest)", "nest = twin.copy()"]),
    st.sampled_from(["twin['x'].append(6)", "nest['x'].append(7)", "twin['y'] = [8]", "for q in twin.values():\n    q.append(5)"]),
    st.builds("{}.append(len(nest['x']))".format, name),
    st.builds("class G:\n    def predict(self, x): return x\no = G()".format),
    st.builds("del {0}\n{0} = [{1}]".format, name, small),
    st.builds("exec('{}.append({})')".format, name, small),
    st.builds("print(len({}), {}[0])".format, name, name),
    st.builds(
        "class C:\n    def __init__(self): self.v = {}\n    def go(self): self.v.append(len({}))\no = C()".format, name, name
    ),
    st.just("o.go()"),
    st.builds(
        "class C:\n    def __init__(self): self.v = {}\n    def predict(self, x):\n        self.v.append(len(x))\n        return [*x]\no = C()".format,
        name,
    ),
    st.builds("{} = o.predict({})".format, name, name),
    st.builds("o.predict({})".format, name),
    st.builds("def own_score(x):\n    x.append(5)\n    return [len({})]".format, name),
    st.builds("{} = own_score({})".format, name, name),
    st.builds("class Taker:\n    def __init__(self, x): x.append(6)\ndef make(x):\n    Taker(x)\n    return x".format),
    st.builds("{} = make({})".format, name, name),
    st.builds("it = iter([*{}, 1, 2])".format, name),
    st.builds("for q in it:\n    {}.append(q)\n    break".format, name),
    st.builds("with open('/tmp/mvlake-slicing-' + str(os.getpid()), 'w') as file:\n    file.write(str(len({})))".format, name),
    st.builds("{}.append(int(open('/tmp/mvlake-slicing-' + str(os.getpid())).read()))".format, name),
)
START = ["a = [1]", "b = [2]", "c = [3]", "d = [4]", "box = [a]", FUNCTIONS["pure"], "k = lambda: None", "def g():\n    return []"]
START.append("nest = {'x': [1]}\ntwin = nest.copy()")
START.append("import os\nit = iter([1, 2, 3])\ndef own_score(x):\n    return [1]\ndef make(x):\n    return x")
START.append("with open('/tmp/mvlake-slicing-' + str(os.getpid()), 'w') as file:\n    file.write('4')")
START.append(
    "class C:\n    def __init__(self): self.v = []\n    def go(self): pass\n    def predict(self, x): return [*x]\no = C()"
)
cell = st.lists(statement, min_size=1, max_size=3).map("\n".join)


@settings(max_examples=400, deadline=None)
@given(st.lists(cell, min_size=1, max_size=9), name)
def test_running_the_slice_alone_gives_the_same_value(cells, target):
    sources = [*START, *cells]
    history, everything = ran(sources)
    kept = needed_cells(history, analyze(target))
    _, sliced = ran([sources[position] for position in kept])
    assert sliced[target] == everything[target]
