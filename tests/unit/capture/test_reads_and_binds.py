import builtins

import pytest

from mvlake.capture.analysis import analyze

BUILTINS = set(dir(builtins)) | {"get_ipython"}


def shell(method, *texts):
    return f"get_ipython().{method}({', '.join(map(repr, texts))})"


READS = [
    ("z += 1", "z"),
    ("z = 0\nz += 1", ""),
    ("x = y", "y"),
    ("x = 1\ny = x", ""),
    ("y = x\nx = 1", "x"),
    ("del x", "x"),
    ("x[0] = 1", "x"),
    ("x.a.b = y[i]", "x y i"),
    ("if c:\n    x = 1\nprint(x)", "c x"),
    ("if c:\n    x = 1\nelse:\n    x = 2\nprint(x)", "c"),
    ("if c:\n    x = 1\nelse:\n    raise e\nprint(x)", "c e"),
    ("for i in r:\n    x = i\nprint(x)", "r x"),
    ("while c:\n    x = 1\nprint(x)", "c x"),
    ("try:\n    x = 1\nexcept E as e:\n    print(e)\nprint(x)", "E x"),
    ("try:\n    x = 1\nexcept E:\n    x = 2\nprint(x)", "E"),
    ("try:\n    x = f()\nfinally:\n    print(x)", "f x"),
    ("with open(p) as h:\n    x = h.read()\nprint(x)", "p"),
    ("with suppress(E):\n    x = f()\nprint(x)", "suppress E f x"),
    ("f'{a!r:>{w}} {b + c}'", "a w b c"),
    ("[v * k for v in vs if v > t]", "k vs t"),
    ("[w for v in vs for w in v]", "vs"),
    ("any((hit := v) > k for v in vs)\nprint(hit)", "k vs hit"),
    ("a and (b := c)\nprint(b)", "a c b"),
    ("(b := c)\nprint(b)", "c"),
    ("@deco\ndef f(a=d) -> ann:\n    return a", "deco d ann"),
    ("def f(a):\n    b = a + g\n    return b", "g"),
    ("def f():\n    global n\n    n += 1", "n"),
    ("def f():\n    x = 1\n    def g():\n        nonlocal x\n        x += y\n    return g", "y"),
    ("def f():\n    x = 1\n    def g():\n        global x\n        return x\n    return g", "x"),
    ("k = lambda a, b=d: a + b + g", "d g"),
    ("class A(B, metaclass=M):\n    x = 1\n    y = x + z\n    def f(self):\n        return self.y + x", "B M z x"),
    ("class A:\n    x = x", "x"),
    ("def f():\n    return x\nx = 1\nf()", ""),
    ("def f():\n    return x\nf()\nx = 1", "x"),
    ("match p:\n    case Q(a=1, b=w):\n        print(w)\n    case {'k': v, **rest}:\n        print(v, rest)", "p Q"),
    ("match p:\n    case C.X:\n        pass", "p C"),
    ("import numpy as np\nnp.ones(n)", "n"),
    ("x: T = y", "T y"),
    ("async def f():\n    return await g()", "g"),
    ("await f(x)", "f x"),
    ("df.query('a > @thr and b < @self_limit')", "df thr self_limit"),
    ("df.eval('c = a * @k')", "df k"),
    ("duckdb.sql('select * from sales s join prices p using (id)')", "duckdb sales prices"),
    ("eval('a + b')", "a b"),
    ("exec('u = v')", "v"),
    (shell("run_line_magic", "time", "x = f(y)"), "f y"),
    (shell("run_line_magic", "timeit", "-n 10 -r3 g(x)"), "g x"),
    (shell("run_cell_magic", "time", "", "x = f(y)\n!ls $q\nz = x"), "f y q"),
    (shell("run_cell_magic", "capture", "out", "%time x = f(y)"), "f y"),
    (shell("run_cell_magic", "time", "", "%%capture out\nx = f(y)"), "f y"),
    (shell("run_cell_magic", "timeit", "-n 3 s = a", "t = s + b"), "a b"),
    (shell("run_cell_magic", "prun", "-q", "f(x)"), "f x"),
    (shell("system", "head -n {n + 1} $path $$HOME"), "n path"),
    ("files = " + shell("getoutput", "ls {folder}/{names[0]}"), "folder names"),
    (shell("run_line_magic", "cd", "$folder"), "folder"),
    (shell("run_cell_magic", "bash", "--out log", "echo $HOME {a}"), ""),
]


@pytest.mark.parametrize(("source", "expected"), READS)
def test_a_cell_reads_what_it_uses_from_before(source, expected):
    assert analyze(source).reads - BUILTINS == set(expected.split())


BINDS = [
    ("x = 1", "x", "x"),
    ("a, (b, *c) = y", "a b c", "a b c"),
    ("x.a = 1\ny[0] = 2", "", ""),
    ("z += 1", "z", "z"),
    ("for i in r:\n    x = i", "i x", ""),
    ("if c:\n    x = 1\n    y = 1\nelse:\n    x = 2", "x y", "x"),
    ("with o as h:\n    x = 1", "h x", "h x"),
    ("import a.b\nimport c as d\nfrom e import f as g", "a d g", "a d g"),
    ("def f():\n    x = 1", "f", "f"),
    ("class A:\n    x = 1", "A", "A"),
    ("[y := v for v in vs]", "y", ""),
    ("try:\n    x = 1\nexcept E as e:\n    y = 1", "x e y", ""),
    ("match p:\n    case [a, *b]:\n        pass\n    case c:\n        pass", "a b c", ""),
    ("def f():\n    global n\n    n = 1\nf()", "f n", "f"),
    ("def f():\n    global n\n    n = 1", "f", "f"),
    ("x = 1\ndel x", "", ""),
    ("raise e\nx = 1", "x", "x"),
    (shell("run_line_magic", "time", "x = 1"), "x", "x"),
    (shell("run_line_magic", "timeit", "x = 1"), "", ""),
    (shell("run_cell_magic", "capture", "--no-stderr out", "x = 1"), "out x", "out x"),
    (shell("run_cell_magic", "bash", "--out log", "ls"), "log", "log"),
]


@pytest.mark.parametrize(("source", "may", "surely"), BINDS)
def test_a_cell_binds_its_targets(source, may, surely):
    facts = analyze(source)
    assert (facts.binds, facts.surely_binds) == (set(may.split()), set(surely.split()))


MUTATES = [
    ("print(df)\ndf.head()\ndf.describe()\nlen(df)\ndisplay(df)", ""),
    ("plt.plot(df['x'], df['y'])\nsns.heatmap(df.corr())", ""),
    ("x = df[['a']].mean()\ny = df.groupby('k').agg('sum')", ""),
    ("df['a'] = 1", "df"),
    ("df.loc[m, 'a'] = 1", "df"),
    ("del df['a']", "df"),
    ("obj.x = 1", "obj"),
    ("xs += [1]", "xs"),
    ("xs.append(y)", "xs"),
    ("xs.sort()", "xs"),
    ("df = pl_df.sort('a')", ""),
    ("df.drop(columns=c)", ""),
    ("df.drop(columns=c, inplace=True)", "df"),
    ("df.drop(columns=c, inplace=False)", ""),
    ("model.fit(X, y)", "model"),
    ("model.predict(X)\nmodel.score(X, y)", ""),
    ("model.steps[0].fit(X)", "model"),
    ("b = a\nb.append(1)", "a b"),
    ("b = a.copy()\nb['x'] = 1", "b"),
    ("b = a.copy()\nb.loc[0, 'x'] = 1", "b"),
    ("b = a.copy()\nb[0].append(1)", "a b"),
    ("b = a[a.x > 1]\nb['y'] = 1", "b"),
    ("b = a['k']\nb.append(1)", "a b"),
    ("for m in models:\n    m.fit(X, y)", "models m"),
    ("for name, m in models.items():\n    m.fit(X, y)", "models m name"),
    ("for i, m in enumerate(zip(ms, ns)):\n    m[0].fit(X)", "ms ns m i"),
    ("[m.fit(X) for m in models]", "models"),
    ("for x in frame:\n    print(x)", ""),
    ("box = [m]\nbox[0].fit(X)", "m box"),
    ("box = {}\nbox['m'] = m\nbox['m'].fit(X)", "m box"),
    ("pipe = Pipeline([('clf', clf)])\npipe.fit(X, y)", "pipe clf"),
    ("clf = LogisticRegression(C=c).fit(X, y)", "c clf"),
    ("train_test_split(X, y)\naccuracy_score(y, p)\nmetrics.f1_score(y, p)", ""),
    ("clean(df)", "df"),
    ("lib.clean(df)", "df lib"),
    ("np.random.shuffle(a)", "a"),
    ("np.mean(a, out=b)", "b"),
    ("setattr(obj, 'k', v)", "obj"),
    ("next(it)", "it"),
    ("def f(d):\n    return d + 1\nf(x)", ""),
    ("def f(d):\n    d.append(1)\nf(x)", "x"),
    ("def f(d):\n    d = d.copy()\n    d['a'] = 1\n    return d\nf(x)", ""),
    ("def f():\n    log.append(1)\nf()", "log"),
    ("def f():\n    log.append(1)", ""),
    ("def f():\n    return data\nf().append(1)", "data"),
    ("df.apply(lambda r: r + 1)", ""),
    ("xs.sort(key=len)", "xs"),
    ("sorted(xs, key=lambda v: v.pop())", "xs"),
    ("a = b = c\nb.append(1)", "a b c"),
    ("x = p if q else r\nx.append(1)", "x p r"),
    ("import lib\nlib.run(x)", "x"),
    ("with torch.no_grad():\n    y = net.predict(x)", ""),
    ("a = b\nfor i in r:\n    a.append(1)\n    a = c", "a b c"),
]


@pytest.mark.parametrize(("source", "expected"), MUTATES)
def test_a_cell_mutates_what_it_may_change_in_place(source, expected):
    assert analyze(source).mutates == set(expected.split())


def test_a_name_bound_anew_leaves_the_object_from_before_alone():
    facts = analyze("df = df.copy()\ndf['a'] = 1")
    assert facts.mutates == {"df"}
    assert facts.mutates_earlier == set()


def test_reads_of_functions_that_the_cell_never_uses_are_deferred():
    facts = analyze("def f():\n    return later\nx = now")
    assert facts.reads == {"later", "now"}
    assert facts.deferred_reads == {"later"}
    assert analyze("def f():\n    return later\ny = [f]").deferred_reads == set()


def test_a_function_keeps_what_its_body_does_to_globals():
    facts = analyze("def f(a):\n    global n\n    n = a\n    log.append(k)\n    return data").functions["f"]
    assert (facts.reads, facts.binds, facts.mutates) == ({"log", "k", "data"}, {"n"}, {"log"})
    assert "data" in facts.shares
    assert not facts.changes_arguments


def test_imports_name_their_modules():
    facts = analyze("import a.b\nimport c.d as e\nfrom f.g import h as i\nfrom . import j")
    assert facts.imports == {"a": "a", "e": "c.d", "i": "f.g.h", "j": ".j"}


DYNAMIC = [
    ("exec(code)", True, True),
    ("eval(text)", True, True),
    ("globals()['x'] = 1", True, True),
    ("locals()", True, True),
    ("exec('x = 1')", False, False),
    ("from lib import *", True, False),
    (shell("run_line_magic", "run", "script.py"), True, False),
    (shell("run_line_magic", "run", "-i script.py"), True, True),
    (shell("run_cell", "x = 1"), True, True),
    (shell("run_line_magic", "reset", "-f"), True, True),
    (shell("run_cell_magic", "mystery", "", "x = 1"), True, True),
    (shell("run_cell_magic", "html", "", "<b>"), False, False),
    (shell("run_line_magic", "matplotlib", "inline"), False, False),
    ("x = 1", False, False),
]


@pytest.mark.parametrize(("source", "is_dynamic", "is_unseen"), DYNAMIC)
def test_code_that_the_text_does_not_show_is_said_to_be_there(source, is_dynamic, is_unseen):
    facts = analyze(source)
    assert (facts.is_dynamic, facts.runs_unseen_code) == (is_dynamic, is_unseen)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (shell("run_line_magic", "matplotlib", "inline"), True),
        (shell("run_line_magic", "load_ext", "autoreload"), True),
        (shell("run_cell_magic", "writefile", "helpers.py", "x = 1"), True),
        ("np.random.seed(0)", True),
        ("torch.manual_seed(s)", True),
        ("pd.set_option('display.width', 9)", True),
        ("sys.path.append('src')", True),
        ("os.environ['A'] = 'b'", True),
        ("x = 1", False),
    ],
)
def test_state_that_no_name_holds_configures_the_session(source, expected):
    assert analyze(source).configures is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (shell("run_line_magic", "mv", "list"), True),
        (shell("run_line_magic", "load_ext", "mvlake"), True),
        (shell("run_line_magic", "load_ext", "autoreload"), False),
        (shell("run_line_magic", "mv", "list") + "\nx = 1", False),
        ("", False),
    ],
)
def test_lines_that_speak_to_us_are_not_code(source, expected):
    assert analyze(source).is_command is expected
