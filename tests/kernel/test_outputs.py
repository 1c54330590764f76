"""What a tracked cell shows, warns of and ends with is kept as the reader saw it, and nothing of it is changed for that."""

import json

from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict
from mvlake.view.html import as_html
from mvlake.view.text import as_text


def lake_of(kernel):
    return Lake.open(kernel.folder / "lake", create=False)


def shown_by(lake, ref):
    """Return what was shown: the media types of each display, in order."""
    answer = lake.show(ref)
    found = {}
    for one in answer.entry.version.artifacts:
        summary = answer.dossier.summaries[one.summary]
        if one.role in ("display", "figure") and summary.position:
            found.setdefault(summary.position, {})[summary.media_type] = one.name
    return found


DISPLAYS = r"""%%track shows
print('before')
display(HTML('<table><tr><th>a</th></tr><tr><td onclick="x()">1 &lt; 2</td></tr></table><script>alert(1)</script>'))
display(Latex(r'$\frac{1}{2}$'), Image(dot))
display({'application/vnd.plotly.v1+json': {'data': [{'y': [1, 2.5, None]}], 'layout': {'a': '🦜'}}, 'text/html': '<p>plot</p>'}, raw=True)
display({'application/vnd.jupyter.widget-view+json': {'model_id': 'secret'}, 'text/plain': 'IntSlider()'}, raw=True)
display({'image/jpeg': 'AAEC', 'image/svg+xml': '<svg onload="x()"/>'}, raw=True)
handle = display('epoch 1', display_id='bar')
handle.update('epoch 2')
plt.figure(figsize=(1, 1)); plt.plot([1, 2]); plt.show()
print('after')
pd.DataFrame({'a': [1, 2]})
"""


def prepare(kernel):
    kernel.run(
        "import base64, warnings, pandas as pd, matplotlib.pyplot as plt\nfrom IPython.display import *\n"
        "dot = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')"
    )
    return kernel


def test_every_media_type_is_kept_in_the_order_in_which_it_was_shown_and_no_widget(kernel):
    ran = prepare(kernel).run(DISPLAYS)
    assert ran.status == "ok", ran.shown
    lake = lake_of(kernel)
    assert shown_by(lake, "shows:v1") == {
        1: {"text/plain": "display-1.txt", "text/html": "display-1.html"},
        2: {"text/plain": "display-2.txt", "text/latex": "display-2.latex"},
        3: {"image/png": "figure-1", "text/plain": "display-3.txt"},
        4: {"application/vnd.plotly.v1+json": "display-4.vnd.plotly.v1.json", "text/html": "display-4.html"},
        5: {"text/plain": "display-5.txt"},
        6: {"image/jpeg": "display-6.jpg", "image/svg+xml": "display-6.svg"},
        7: {"text/plain": "display-7.txt"},
        8: {"image/png": "figure-2", "text/plain": "display-8.txt"},
        9: {"text/plain": "display-9.txt", "text/html": "display-9.html"},
    }
    assert json.loads(lake.load("shows:v1", "display-4.vnd.plotly.v1.json"))["data"] == [{"y": [1, 2.5, None]}]
    assert "🦜" in lake.load("shows:v1", "display-4.vnd.plotly.v1.json")
    assert lake.load("shows:v1", "display-6.jpg").data == b"\x00\x01\x02"
    assert lake.load("shows:v1", "display-7.txt") == "'epoch 2'"
    assert list(lake.load("shows:v1", "Out").columns) == ["a"]
    assert b"secret" not in b"".join(path.read_bytes() for path in (kernel.folder / "lake/.mvlake/objects").rglob("*.pack"))
    assert lake.verify().is_clean


def test_what_was_shown_is_shown_again_without_what_it_could_do(kernel):
    prepare(kernel).run(DISPLAYS)
    answer = lake_of(kernel).show("shows:v1")
    html, text = as_html(answer), as_text(answer)
    assert "<td>1 &lt; 2</td>" in html
    html = html[html.index("Displayed") :]
    assert not any(word in html for word in ("onclick", "alert", "<svg", "<script"))
    assert "Displayed" in text
    assert "epoch 2" in text
    assert "a\n0  1\n1  2" in "\n".join(line.strip() for line in text.splitlines())


def test_what_is_cleared_is_not_kept(kernel):
    prepare(kernel).run(
        "%%track clears\nfor n in range(300):\n    clear_output(wait=True)\n    display(HTML(f'<p>{n}</p>'))\ndisplay('more')"
    )
    lake = lake_of(kernel)
    assert lake.load("clears:v1", "display-1.html") == "<p>299</p>"
    assert set(shown_by(lake, "clears:v1")) == {1, 2}


def test_more_than_is_kept_is_said(kernel):
    prepare(kernel).run(
        "%%track many\nfor n in range(130):\n    display({'text/plain': str(n)}, raw=True)\n"
        "clear_output\ndisplay({'text/plain': 'x' * (40 << 20)}, raw=True)"
    )
    prepare(kernel).run("%%track large\ndisplay({'text/plain': 'x' * (40 << 20), 'text/latex': {1: 'a'}}, raw=True)")
    lake = lake_of(kernel)
    assert [(one.name, one.reason) for one in lake.show("many:v1").entry.version.omitted] == [
        ("displays", "31 more were shown, and the first 100 are kept")
    ]
    assert [one.name for one in lake.show("large:v1").entry.version.omitted] == ["display-1.txt", "display-1.latex"]


def test_the_value_of_the_last_expression_is_kept_where_it_is_data(kernel):
    prepare(kernel).run("df = pd.DataFrame({'a': [1]})")
    for name, cell, kept in (
        ("listed", "[1, {'a': 2.5}]", [1, {"a": 2.5}]),
        ("semicolon", "x = [1]\n[2];", None),
        ("nothing", "x = [1]\nNone", None),
        ("thing", "class Thing: pass\nx = [1]\nThing()", None),
        ("code", "x = [1]\nlen", None),
        ("made", "x = [1, 2]\nx", [1, 2]),
        ("read", "y = [0]\ndf", ...),
        ("changed", "df['b'] = 1\ndf", ...),
    ):
        kernel.run(f"%%track {name}\n{cell}")
        version = lake_of(kernel).show(f"{name}:v1").entry.version
        assert bool(version.artifact("Out")) is (kept is not None), name
        if kept is ...:
            assert version.artifact("Out")[0].digest == version.artifact("df")[-1].digest
        elif kept is not None:
            assert lake_of(kernel).load(f"{name}:v1", "Out") == kept
            assert kernel.value("'Out' in globals() and type(Out).__name__") == "dict"
    assert lake_of(kernel).replay("listed:v1").replayed.verdict is Verdict.IDENTICAL


WARNS = """%%track warns
def old():
    warnings.warn('getting old', DeprecationWarning, stacklevel=2)

old()
for n in range(3):
    warnings.warn(f'twice {n % 2}')
with warnings.catch_warnings(record=True):
    warnings.simplefilter('always')
    warnings.warn('caught')
class Own(UserWarning):
    def __str__(self):
        calls.append('str')
        return 'mine'
warnings.warn(Own('given'))
with warnings.catch_warnings():
    warnings.simplefilter('ignore')
    warnings.warn('ignored')
(len(calls), calls.clear(), sorted(map(str, __warningregistry__)))
"""


def test_warnings_are_listed_as_they_were_shown(kernel):
    prepare(kernel)
    state = "(list(warnings.filters), warnings.showwarning, warnings._showwarnmsg)"
    kernel.run(f"calls = []\nbefore = {state}")
    ours = kernel.run(WARNS)
    theirs = kernel.run(WARNS.replace("%%track warns", "# a line"))
    assert [part[:2] for part in ours.shown] == [part[:2] for part in theirs.shown]
    assert ours.text == theirs.text
    assert kernel.value(f"before == {state}") == "True"
    answer = lake_of(kernel).show("warns:v1")
    assert [(one.category, one.message, one.place, one.line, one.times) for one in answer.entry.version.warnings] == [
        ("DeprecationWarning", "getting old", "this cell", 5, 1),
        ("UserWarning", "twice 0", "this cell", 7, 1),
        ("UserWarning", "twice 1", "this cell", 7, 1),
        ("__main__.Own", "given", "this cell", 15, 1),
    ]
    assert "getting old" in as_text(answer)


def test_where_a_warning_came_from_is_said_without_this_machine(kernel):
    prepare(kernel).run("def old():\n    warnings.warn('there')")
    kernel.run("%%track where\nold()\npd.Series([1.0]).astype('Int64').to_numpy()\nimport pandas.core.common as com\nx = [1]")
    (warned,) = lake_of(kernel).show("where:v1").entry.version.warnings
    assert (warned.place, warned.line) == (f"In [{int(kernel.value('len(In)')) - 3}]", 2)


def test_questions_in_sql_about_warnings_and_memory(kernel):
    prepare(kernel).run(
        "%%track first\nwarnings.warn('careful')\nimport resource\nbig = b'x' * ((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10) + (50 << 20))\nsize = [len(big)]\ndel big"
    )
    kernel.run("%%track second\nx = [2]")
    lake = lake_of(kernel)
    assert lake.sql("select ref, category, message, times from warnings").rows == (("first:v1", "UserWarning", "careful", 1),)
    first, second = lake.sql("select peak_memory, warnings, cpu_time from versions order by seq").rows
    assert first[0] > 50 << 20
    assert 0 < second[0] < first[0]  # what was resident then: the kernel's own mark is the first cell's
    assert (first[1], second[1]) == (1, 0)
    assert 0 < second[2] <= first[2] + 10
    assert [lake.show(ref).entry.version.usage.is_peak_exact for ref in ("first:v1", "second:v1")] == [True, False]
    roles = lake.sql("select role, artifact from artifacts where role = 'result'").rows
    assert roles == ()


def test_two_versions_differ_in_what_they_showed(kernel):
    prepare(kernel).run("%%track v\nx = [1]\nwarnings.warn('one')\ndisplay(HTML('<b>one</b>'))\n[1]")
    kernel.run("%%track v\nx = [1]\nwarnings.warn('two')\ndisplay(HTML('<b>two</b>'))\n[2]")
    diff = lake_of(kernel).compare("v:v1", "v:v2")
    assert {one.name: one.change for one in diff.displays}["display-1.html"] == "changed"
    assert [line.text for one in diff.displays if one.name == "display-1.html" for line in one.lines] == [
        "<b>one</b>",
        "<b>two</b>",
    ]
    assert [(one.message, one.change) for one in diff.warnings] == [("one", "removed"), ("two", "added")]
    assert [one.change for one in diff.data if one.name == "Out"] == ["changed"]
    text = as_text(diff)
    assert "+ <b>two</b>" in text
    assert "two" in text
    assert not diff.is_empty
