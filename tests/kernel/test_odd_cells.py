"""Cells that do something to the watching itself."""

from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict


def lake_of(kernel):
    return Lake.open(kernel.folder / "lake", create=False)


def test_what_stands_below_load_ext_in_its_cell_is_part_of_what_later_cells_need(start_kernel):
    kernel = start_kernel(load=False)
    kernel.run("%load_ext mvlake\nimport math\nbase = [4.0]")
    ran = kernel.run("%%track root\nroots = [math.sqrt(one) for one in base]\nroots")
    version = lake_of(kernel).show("root:v1").entry.version
    assert [cell.execution_count for cell in version.cells] == [ran.count - 1, ran.count]
    assert lake_of(kernel).replay("root:v1").replayed.verdict is Verdict.IDENTICAL


def test_space_above_or_before_the_directive_is_nothing(kernel):
    for name, cell in {"line": "   \n%%track line\nvalue = [1]", "crlf": "\r\n%%track crlf\nvalue = [1]"}.items():
        kernel.run(cell)
        assert lake_of(kernel).show(f"{name}:v1").entry.version.names.bound == ("value",)
    kernel.run("  %%track indented\n  value = [1]")
    assert lake_of(kernel).replay("indented:v1").replayed.verdict is Verdict.IDENTICAL


def test_pictures_shown_after_a_nested_cell_are_the_outer_ones(kernel):
    kernel.run("from IPython.display import display, Image\nimport base64")
    kernel.run(
        "dot = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')"
    )
    kernel.run("%%track outer\nget_ipython().run_cell('%%track inner\\nw = 1')\ndisplay(Image(dot))")
    artifacts = lake_of(kernel).show("outer:v1").entry.version.artifacts
    assert "figure-1" in {one.name for one in artifacts}
    assert kernel.value("'publish' in get_ipython().display_pub.__dict__") == "False"


def test_a_run_inside_of_a_tracked_cell_is_no_output_of_it(kernel):
    kernel.run("%%track cell\nimport mvlake\nlake = mvlake.Lake.open()\nwith mvlake.track('run') as run:\n    run.metric(a=1)")
    version = lake_of(kernel).show("cell:v1").entry.version
    assert (version.artifacts, version.omitted) == ((), ())
    assert lake_of(kernel).show("run:v1").entry.version.metrics[0].value == 1


def test_a_cell_without_a_result_ends_nevertheless(kernel):
    # A kernel tells its hooks None when an interrupt or a cancellation went past it.
    kernel.run("import sys\nfrom mvlake.magics.extension import _loaded\nsession = next(iter(_loaded.values()))._kernel.session")
    kernel.run("%%track lost\nshell = get_ipython()\nshell.events.trigger('post_run_cell', None)")
    assert kernel.value("len(session.running)") == "1"
    assert kernel.value("[one.source for one in session.cells if one.failed and 'lost' in one.source] != []") == "True"
    assert kernel.value("[hasattr(one, '__mvlake_tap__') for one in (sys.stdout.write, sys.stderr.write)]") == "[False, False]"


def test_a_replay_moves_no_label_and_writes_no_note_again(kernel, monkeypatch):
    kernel.run("%%track base\nrows = [1]")
    kernel.run("import mvlake\n%mv note base:v1 seen\ncount = [len(rows)]")
    kernel.run("%%track base\nrows = [2]")
    kernel.run("%%track next\n%mv promote base:v1 production\ntotal = [sum(count)]")
    lake = lake_of(kernel)
    lake.promote("base:v2", "production")
    monkeypatch.setattr("tempfile.tempdir", str(kernel.folder / "a {brace}"))
    (kernel.folder / "a {brace}").mkdir()
    answer = lake.replay("next:v1")
    assert (answer.replayed.verdict, answer.error) == (Verdict.IDENTICAL, "")
    after = lake_of(kernel)
    assert after.show("base:v2").entry.labels == ("production",)
    assert len(after.show("base:v1").entry.notes) == 1
