"""A cell gives the same with tracking and without: what it shows, what it leaves, and what can be found out about it afterwards."""

import json
from pathlib import Path

import pytest

# Each is one cell. They run in this order, in one kernel with %%track on top of each and in one without mvlake at all.
CELLS = {
    "expression": "40 + 2",
    "imports": "import random, sys, asyncio, warnings, logging, weakref, gc\nimport numpy as np\nimport pandas as pd",
    "print": "print('hello')\nprint('to stderr', file=sys.stderr)\nprint('again')",
    "result_and_print": "print('first')\n{'a': [1, 2, (3,)]}",
    "semicolon": "1 + 1;",
    "underscore": "_",
    "await": "await asyncio.sleep(0.01)\nvalue = await asyncio.sleep(0, result=7)\nvalue",
    "async_function": "async def fetch(n):\n    await asyncio.sleep(0)\n    return n * 2\n\nawait asyncio.gather(*(fetch(n) for n in range(3)))",
    "time_below": "%%time\ntotal = sum(range(1000))\nprint(total)",
    "capture_below": "%%capture caught\nprint('hidden')",
    "captured": "print(caught.stdout, end='')",
    "shell": "!echo from the shell",
    "line_magic": "%who_ls int",
    "frame": "df = pd.DataFrame({'a': [1, 2, 3], 'b': list('xyz')})\ndf",
    "mutate_frame": "df.loc[1, 'a'] = 99\ndf['c'] = df.a * 2\ndf.to_dict('list')",
    "mutate_array": "arr = np.arange(6)\nview = arr[::2]\nview += 10\narr",
    "mutate_list": "items = [1, [2, 3]]\nitems[1].append(items)\nitems",
    "identity": "a = object()\nb = a\nd = {'k': a}\n(a is b, d['k'] is b, df is df)",
    "seeded": "random.seed(1)\nnp.random.seed(1)\nrng = np.random.default_rng(5)\n(random.random(), np.random.rand(), rng.random())",
    "unseeded_state": "(random.random(), np.random.rand(2).tolist(), rng.integers(0, 9, 3).tolist())",
    "generator": "gen = (n * n for n in range(5))\nnext(gen)",
    "generator_goes_on": "list(gen)",
    "iterator_and_file": "it = iter([1, 2, 3])\nnext(it)\nhandle = open(__import__('os').devnull)\nhandle.read()",
    "plot": (
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots(figsize=(2, 1))\nax.plot([1, 3, 2])\nplt.show()\nprint(plt.get_fignums())"
    ),
    "plot_at_the_end": "plt.figure(figsize=(2, 1))\nplt.plot([1, 2]);",
    "display": "from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'), {'raw': 1})\nh = display('v1', display_id='one')",
    "function": "def divide(n):\n    return 1 / n",
    "error_in_function": "print('before')\ndivide(0)",
    "error_in_cell": "x1 = 1\n\nraise ValueError('no')",
    "name_error": "never_defined",
    "syntax_error": "def (:",
    "indentation_error": "  x = 1\n y = 2",
    "system_exit_in_try": "try:\n    sys.exit(3)\nexcept SystemExit as left:\n    print('caught', left.code)",
    "interrupt_raised": "raise KeyboardInterrupt",
    "chained": "try:\n    divide(0)\nexcept ZeroDivisionError as error:\n    raise RuntimeError('wrapped') from error",
    "exception_group": "raise ExceptionGroup('many', [ValueError(1), TypeError(2)])",
    "shadowed_builtins": "type = open = list = str = isinstance = len = 3\n(type, len)",
    "shadowed_print": "print = lambda *a: sys.stdout.write('mine\\n')\nprint('x')",
    "unshadow": "del type, open, list, str, isinstance, len, print\nprint(len(str(list('abc'))))",
    "warning": "def old():\n    warnings.warn('getting old', DeprecationWarning, stacklevel=2)\n\nold()\nold()",
    "warning_again": "old()",
    "warnings_are_errors": "with warnings.catch_warnings():\n    warnings.simplefilter('error')\n    np.array([1.0]) / 1\n    print('fine')",
    "logging": "logging.getLogger('mine').warning('careful')",
    "weakref": "class Thing: pass\nthing = Thing()\nref = weakref.ref(thing)\ndel thing\ngc.collect()\nref() is None",
    "weakref_frame": "gone = pd.DataFrame({'q': [1.5]})\nref = weakref.ref(gone)",
    "weakref_frame_dies": "del gone\ngc.collect()\nref() is None",
    "hostile_object": (
        "class Hostile:\n"
        "    calls = []\n"
        "    def __getattr__(self, name):\n        type(self).calls.append(name)\n        raise RuntimeError(name)\n"
        "    def __eq__(self, other):\n        type(self).calls.append('eq')\n        raise RuntimeError('eq')\n"
        "    def __len__(self):\n        type(self).calls.append('len')\n        raise RuntimeError('len')\n"
        "    __hash__ = None\n"
        "    @property\n    def __class__(self):\n        Hostile.calls.append('class')\n        return dict\n"
        "hostile = Hostile()\nNone"
    ),
    "hostile_untouched": "sorted(set(Hostile.calls) - {'__reduce_ex__', '__getstate__', '__reduce__', 'class'})",  # all but what pickling itself asks for
    "recursion": "def deep(n):\n    return deep(n + 1)\ntry:\n    deep(0)\nexcept RecursionError:\n    print('deep enough')",
    "exec": "exec('made = 5')\nmade",
    "globals": "globals()['sneaked'] = 8\nsneaked",
    "nested_run_cell": "r = get_ipython().run_cell('inner = 3\\ninner * 2')\nr.result",
    "redirect": "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as caught_out:\n    print('in there')\ncaught_out.getvalue()",
    "replaced_stdout": "kept, sys.stdout = sys.stdout, io.StringIO()",
    "restored_stdout": "inner_text = sys.stdout.getvalue()\nsys.stdout = kept\ninner_text",
    "write_identity": "(sys.stdout is kept, 'write' in vars(sys.stdout))",
    "thread": "import threading\nt = threading.Thread(target=lambda: None)\nt.start(); t.join()\nt.is_alive()",
    "chdir": "import os\nhere = os.getcwd()\nos.chdir('/')\nos.getcwd()",
    "chdir_back": "os.chdir(here)",
    "unicode": "print('žluťoučký 🦜 \\ud7ff')\n'\\x00\\x1b[31m'",
    "clear": "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')",
    "class": "class Point:\n    def __init__(self, x):\n        self.x = x\n    def __repr__(self):\n        return f'Point({self.x})'\nPoint(3)",
    "walrus": "[y := 5, y ** 2, (lambda: y)()]",
    "star_import": "from math import *\nround(pi, 3)",
    "decorated_main": "__name__",
    "comment_only": "# nothing here",
    "trailing_magic": "x = 5\n%who_ls float",
    "help": "divide?",
}


NOTEBOOKS = sorted((Path(__file__).parents[2] / "example_notebooks").glob("*.ipynb"))
# What a cell leaves, as Python sees it afterwards. Evaluated behind each cell, in the same request.
STATE = {
    "names": "sorted(k for k in globals() if type(k) is str)",
    "aliases": (
        "sorted(sorted(names) for names in (lambda d: [[k for k in d if d[k] is v] for v in {id(v): v for v in d.values()}.values()])"
        "({k: v for k, v in globals().items() if not k.startswith('_') and type(v).__module__ != 'builtins'}) if len(names) > 1)"
    ),
    "out": "[(k, __import__('builtins').type(v).__name__) for k, v in get_ipython().user_ns['Out'].items()]",
    "last": "[__import__('builtins').type(get_ipython().user_ns.get(k)).__name__ for k in ('_', '__', '___')]",
    "random": "__import__('zlib').crc32(repr(__import__('random').getstate()).encode())",
    "numpy": "__import__('zlib').crc32(repr(__import__('numpy').random.get_state()).encode())",
    "libraries": (
        "[m for m in ('sklearn', 'polars', 'xgboost', 'lightgbm', 'scipy', 'sympy', 'matplotlib', 'plotly', 'dask', 'ipywidgets',"
        " 'papermill', 'tensorflow', 'tracemalloc') if m in __import__('sys').modules]"
    ),
    "streams": (
        "[(s is getattr(__import__('sys'), '__' + n + '__'), 'write' in vars(s), s.closed) for n in ('stdout', 'stderr')"
        " for s in [getattr(__import__('sys'), n)]]"
    ),
    "hooks": (
        "(lambda sys, warnings, gc: (sys.gettrace(), sys.getprofile(), sys.excepthook.__name__, sys.getrecursionlimit(), gc.callbacks,"
        " gc.isenabled(), warnings._showwarnmsg.__module__, len(warnings.filters),"
        " sorted(set(vars(get_ipython().display_pub)) & {'publish', 'clear_output'}), 'write_format_data' in vars(get_ipython().displayhook),"
        " sys.path[-1], len(sys.meta_path), len(sys.path_hooks)))(*map(__import__, ('sys', 'warnings', 'gc')))"
    ),
    "showwarning": "(lambda one: (one.__module__, one.__qualname__))(__import__('warnings').showwarning)",
    # While something is written, threads of ours are there.
    "threads": "sorted(t.name for t in __import__('threading').enumerate() if not t.name.startswith('mvlake'))",
    "environment": "sorted(k for k in __import__('os').environ if not k.startswith(('MVLAKE', '_')))",
    "folder": "__import__('os').getcwd()",
}
# What the operating system counts; pools of libraries that both have loaded are as large here as there.
TASKS = "len(__import__('os').listdir('/proc/self/task'))"
# Afterwards: what lives of the classes of the notebook once all rubbish is gone.
ALIVE = (
    "__import__('gc').collect() and None or sorted((lambda Counter, gc: Counter(type(o).__name__ for o in gc.get_objects()"
    " if type(o).__module__ == '__main__'))(__import__('collections').Counter, __import__('gc')).items())"
)


def more_cells():
    """Return the cells of `more_cells.txt`, by their names."""
    found, text = {}, Path(__file__).with_name("more_cells.txt").read_text("utf-8")
    for part in text.split("#%% ")[1:]:
        name, _, cell = part.partition("\n")
        assert name not in found, name
        found[name] = cell.removesuffix("\n")
    return found


def notebook_cells():
    """Return the code cells of all example notebooks that need no mvlake to run: a `%%track` line is what the test puts there."""
    found = {}
    for path in NOTEBOOKS:
        for place, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"]):
            source = "".join(cell["source"])
            if source.startswith("%%track"):
                source = source.partition("\n")[2]
            if cell["cell_type"] == "code" and not any(word in source for word in ("mvlake", "%mv", "curved")):
                found[f"{path.stem} {place}"] = source
    return found


def all_cells():
    return CELLS | more_cells() | notebook_cells()


def _with(cell: str) -> str:
    return f"%%track cells\n{cell}"


def _without(cell: str) -> str:
    # The line that %%track stands on is part of the cell that the user sees: tracebacks count it.
    return cell if cell.startswith("%%") else f"# a line\n{cell}"


def _comparable(ran):
    return [_without_first_line(part) for part in ran.shown]


def _without_first_line(part):
    if part[0] != "error":
        return part
    lines = [line for line in part[3].splitlines() if "%%track cells" not in line and "# a line" not in line]
    return (*part[:3], "\n".join(lines))


@pytest.fixture
def pair(start_kernel, tmp_path):
    """Two kernels in folders of their own with one name: one with mvlake, and one without."""
    places = [tmp_path / side / "work" for side in ("ours", "theirs")]
    for place in places:
        place.mkdir(parents=True)
    return start_kernel(folder=places[0], MVLAKE_LAKE=str(tmp_path / "lake")), start_kernel(folder=places[1], load=False)


def said(kernel, ran):
    """Return what the state was, with the kernel's own folder left out."""
    return {name: text.replace(str(kernel.folder), "…") for name, text in ran.said.items()}


def test_there_are_enough_cells_and_every_notebook_is_among_them():
    cells = all_cells()
    assert len(cells) >= 250
    assert {path.stem for path in NOTEBOOKS} == {name.rpartition(" ")[0] for name in notebook_cells()}


@pytest.mark.parametrize("attended", [False, True])
def test_every_cell_is_the_same_with_and_without_tracking(pair, attended):
    tracked, bare = pair
    if attended:  # the more is written behind the user's back, the more could differ
        tracked.run("from mvlake.capture import writer\nwriter.AT_ONCE = -1\ndel writer")
        bare.run("pass")
    bare.run("pass")  # the other kernel's first cell was %load_ext
    for kernel in pair:
        kernel.run("import random, numpy\nrandom.seed(0)\nnumpy.random.seed(0)")
    cells = all_cells()
    for name, cell in cells.items():
        request = tracked.start(_with(cell), attended=attended, expressions=STATE)
        other = bare.start(_without(cell), attended=attended, expressions=STATE)
        ours, theirs = tracked.wait(request), bare.wait(other)
        assert _comparable(ours) == _comparable(theirs), name
        assert (ours.status, ours.count) == (theirs.status, theirs.count), name
        assert said(tracked, ours) == said(bare, theirs), name
    if attended:
        tracked.run("%mv status")
        bare.run("pass")
    for state in ("len(In)", "np.random.get_state()[2:]", "rng.bit_generator.state", "len(Out)"):
        assert tracked.value(f"repr({state})") == bare.value(f"repr({state})"), state
    assert tracked.value(ALIVE) == bare.value(ALIVE)
    for threads in ("sorted(t.name for t in __import__('threading').enumerate())", TASKS):
        assert tracked.value(threads) == bare.value(threads)


def test_an_empty_tracked_cell_does_nothing(kernel):
    ran = kernel.run("%%track empty")
    assert (ran.shown, ran.status) == ([], "ok")


def test_tracebacks_count_lines_as_the_user_sees_them(kernel):
    ran = kernel.run("%%track lines\nok = 1\n\n1 / 0")
    assert ran.error == ("ZeroDivisionError", "division by zero")
    trace = next(part[3] for part in ran.shown if part[0] == "error")
    assert "line 4" in trace
