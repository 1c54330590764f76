"""Seeds in the text of cells, and what they decide."""

import pytest

from mvlake.capture.analysis import analyze
from mvlake.capture.randomness.telling import with_seeds
from mvlake.capture.session import _MAX_STATES, Session
from mvlake.records.draft import DraftCell
from mvlake.records.past import PastCell
from mvlake.records.randomness import DraftDraw, GeneratorKind, GeneratorState

PREAMBLE = "import numpy as np, random, torch\nfrom sklearn.model_selection import train_test_split\nfrom numpy.random import default_rng\n"


def seeds(text):
    return [(one.function, one.keyword, one.value, one.variable) for one in analyze(PREAMBLE + text).seeds]


def test_seeding_calls_are_found_under_their_own_names():
    assert seeds("np.random.seed(0)") == [("numpy.random.seed", "", 0, "")]
    assert seeds("random.seed(a=1)") == []
    assert seeds("torch.manual_seed(2); torch.cuda.manual_seed_all(3)") == [
        ("torch.manual_seed", "", 2, ""),
        ("torch.cuda.manual_seed_all", "", 3, ""),
    ]
    assert seeds("rng = default_rng(4)\nnp.random.RandomState(5)") == [
        ("numpy.random.default_rng", "", 4, ""),
        ("numpy.random.RandomState", "", 5, ""),
    ]
    assert seeds("a, b = train_test_split(df, random_state=SEED)") == [
        ("sklearn.model_selection.train_test_split", "random_state", None, "SEED")
    ]
    assert seeds("def f():\n    np.random.seed(7)") == [("numpy.random.seed", "", 7, "")]
    assert seeds("np.random.seed(int(time()))") == [("numpy.random.seed", "", None, "")]


def test_what_sets_no_seed_is_none():
    assert seeds("train_test_split(df, random_state=None); df.seed; plant.sow(3); f(3); plant.seed(); rng.random()") == []


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("random.seed()", "system"),
        ("np.random.seed(None)", "system"),
        ("rng = default_rng()", "system"),
        ("torch.seed()", "system"),
        ("random.Random()", "system"),
        ("random.seed(os.urandom(8))", "system"),
        ("np.random.seed(int.from_bytes(os.urandom(4), 'big'))", "system"),
        ("default_rng(secrets.randbits(128))", "system"),
        ("train_test_split(df, random_state=uuid.uuid4().int % 2**32)", "system"),
        ("random.seed(time.time())", "clock"),
        ("np.random.seed(int(time.time()) % 2**32)", "clock"),
        ("now = time.time_ns()\nrandom.seed(now)", "clock"),
        ("torch.manual_seed(datetime.now().microsecond)", "clock"),
        ("random.seed(3)", None),
        ("random.seed(SEED + 1)", None),
        ("np.random.seed(load_seed())", None),
    ],
)
def test_a_seed_that_nobody_chose_says_where_it_came_from(text, source):
    assert [one.source for one in analyze(PREAMBLE + text).seeds] == [source]


def test_a_generator_that_is_seeded_with_what_nobody_chose_is_not_seeded():
    names = ("random", "numpy.random", "torch")
    texts = ("import random, numpy as np, torch, secrets, time", "random.seed(1); np.random.seed(1); torch.manual_seed(1)")
    chance = ("SEED = secrets.randbits(32)", "start = time.time()", "random.seed(SEED)\nnp.random.seed(start)\ntorch.seed()")
    told = with_seeds([cell(*names) for _ in range(5)], [analyze(one) for one in (*texts, *chance)])
    assert [{draw.is_seeded for draw in one.draws} for one in told] == [{False}, {True}, {True}, {True}, {False}]
    assert [(seed.call, seed.source) for seed in told[-1].seeds] == [
        ("random.seed", "system"),
        ("numpy.random.seed", "clock"),
        ("torch.seed", "system"),
    ]
    [again] = with_seeds([cell("random")], [analyze("import random\nrandom.seed()\nrandom.seed(4)")])
    assert again.draws[0].is_seeded


def cell(*generators):
    state = GeneratorState("x", 1)
    return DraftCell("", draws=tuple(DraftDraw(one, GeneratorKind.PYTHON, state) for one in generators))


def test_a_seed_decides_what_is_drawn_from_its_cell_on():
    texts = ("import random, numpy as np, torch", "SEED = 3", "np.random.seed(SEED)", "torch.manual_seed(1)")
    cells = [
        cell("random", "numpy.random"),
        cell("torch.cuda:0", "torch"),
        cell("numpy.random", "rng"),
        cell("torch", "torch.cuda:0"),
    ]
    told = with_seeds(cells, [analyze(one) for one in texts])
    assert [[draw.is_seeded for draw in one.draws] for one in told] == [[False, False], [False, False], [True, False], [True, True]]
    assert [(seed.call, seed.value) for one in told for seed in one.seeds] == [("numpy.random.seed", 3), ("torch.manual_seed", 1)]


def test_a_library_s_own_seed_leaves_the_other_generators_alone():
    names = ("random", "numpy.random", "torch")
    [alone] = with_seeds([cell(*names)], [analyze("import tensorflow as tf\ntf.random.set_seed(1)")])
    assert not any(draw.is_seeded for draw in alone.draws)
    [everything] = with_seeds([cell(*names)], [analyze("from transformers import set_seed\nset_seed(1)")])
    assert all(draw.is_seeded for draw in everything.draws)


def test_a_long_session_lets_go_of_its_oldest_states():
    session, facts = Session(), analyze("")
    for _ in range(_MAX_STATES // 2 + 100):
        session.add(PastCell(""), facts, frozenset(), draws=cell("random", "torch").draws)
    held = sum(draw.state is not None for one in session.cells for draw in one.draws)
    assert held == _MAX_STATES
    assert session.cells[-1].draws[0].state is not None
    assert "let go of" in session.cells[0].draws[0].problem
