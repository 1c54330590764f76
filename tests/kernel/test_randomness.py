"""What a version says of its randomness, in a real kernel."""

from mvlake.lake.lake import Lake

DRAWING = """
import random, numpy as np, torch
numbers = (random.random(), np.random.normal(), torch.rand(1).item(), rng.normal(), np.random.default_rng(3).random())
"""


def version_of(kernel, ref):
    return Lake.open(kernel.folder / "lake", create=False).show(ref).entry.version


def test_each_draw_of_a_slice_is_kept_with_the_state_before_it(kernel):
    kernel.run("import random, numpy as np, torch\nrng = np.random.default_rng()\nfirst = random.random()")
    kernel.run("np.random.rand(3)")  # nothing of this is needed, and yet it moves what the next cells draw from
    kernel.run(f"second = first + rng.random(){DRAWING}")
    ran = kernel.run("%%track drawn\nresult = second + np.random.rand() + np.random.default_rng().random()")
    assert ran.status == "ok"
    version = version_of(kernel, "drawn:v1")
    told = {(one.cell, one.generator): one for one in version.draws}
    assert set(told) >= {(2, "random"), (2, "numpy.random"), (2, "torch"), (2, "rng"), (3, "numpy.random"), (3, "default_rng()")}
    assert all(one.state is not None and not one.is_seeded for one in version.draws)
    assert [(one.cell, one.call, one.value, one.source) for one in version.seeds] == [
        (1, "numpy.random.default_rng", None, "system"),
        (2, "numpy.random.default_rng", 3, None),
        (3, "numpy.random.default_rng", None, "system"),
    ]
    shown = kernel.run("%mv show drawn:v1").cards[0]
    assert "Randomness" in shown
    table = kernel.run("%mv sql select cell, generator from draws where kind = 'torch'").cards[0]
    assert "torch" in table
    assert "system" in kernel.run("%mv sql select distinct source from seeds").cards[0]
    assert "from the operating system" in shown


def test_watching_changes_no_number_that_is_drawn(kernel):
    seed = (
        "import random, numpy as np, torch\nrandom.seed(1); np.random.seed(2); torch.manual_seed(3); rng = np.random.default_rng(4)"
    )
    kernel.run(seed)
    tracked = [kernel.run(f"%%track same{n}{DRAWING}print(numbers)").text for n in range(3)]
    kernel.run("%unload_ext mvlake")
    kernel.run(seed)
    assert [kernel.run(f"{DRAWING}print(numbers)").text for n in range(3)] == tracked


def test_a_cell_that_is_interrupted_or_raises_leaves_nothing_behind(kernel):
    kernel.run("import numpy as np")
    kernel.run("np.random.default_rng(); 1 / 0")
    kernel.run("get_ipython().run_cell('np.random.default_rng(); raise KeyboardInterrupt')")
    assert kernel.run("%unload_ext mvlake\nnp.random.bit_generator.randbits.__name__").result == "'getrandbits'"


def test_states_that_are_kept_are_whole(kernel):
    kernel.run("%%track whole\nimport random\nx = random.random()")
    lake = Lake.open(kernel.folder / "lake", create=False)
    [draw] = lake.show("whole:v1").entry.version.draws
    data = lake._parts.objects.read(draw.state)
    assert b"python-mt19937" in data
    assert not lake.verify(data=True).problems
