"""What a replay writes for its kernel: the states of the lake, checked by their names."""

import dataclasses

import pytest

from mvlake.errors import CannotReplay
from mvlake.lake.cells_to_run import CellToRun
from mvlake.lake.dossier import read_dossier
from mvlake.lake.restored import write_states
from mvlake.records.canonical import parse
from mvlake.records.draft import Draft, DraftCell
from mvlake.records.environment import Environment
from mvlake.records.randomness import DraftDraw, GeneratorKind, GeneratorState
from mvlake.records.version import Names, Origin
from mvlake.store.hashing import digest_of

STATE = GeneratorState("os-entropy", [[128, 5]])


@pytest.fixture
def dossier(lake):
    second = DraftCell(
        "b",
        is_tracked=True,
        draws=(
            DraftDraw("default_rng()", GeneratorKind.ENTROPY, STATE),
            DraftDraw("rng", GeneratorKind.NUMPY, problem="not known"),
        ),
    )
    draft = Draft(
        name="drawn", parent=None, origin=Origin.CELL, cells=(DraftCell("a"), second), names=Names(), params=(), metrics=(),
        artifacts=(), omitted=(), environment=Environment("3.11", "CPython", "Linux", "x86_64", "", 2, {}), git=None, notebook="",
        started_at="2026-03-03T14:00:00.000000Z", duration=1.0,
    )  # fmt: skip
    lake.commit(draft)
    return read_dossier(lake._parts, lake.show("drawn:v1").entry)


def test_each_cell_gets_the_states_that_it_drew_from(lake, dossier, tmp_path):
    write_states(lake._parts, dossier, [CellToRun("a", 1), CellToRun("%%track drawn\nb", 2)], tmp_path / "states")
    assert parse((tmp_path / "states").read_bytes()) == [
        {"source": "a", "states": []},
        {
            "source": "%%track drawn\nb",
            "states": [
                {"generator": "default_rng()", "kind": "entropy", "state": {"algorithm": "os-entropy", "state": [[128, 5]]}}
            ],
        },
    ]


@pytest.mark.parametrize("what", ["gone", "no state"])
def test_a_state_that_cannot_be_read_is_said_before_anything_runs(lake, dossier, tmp_path, what):
    draw, version = dossier.version.draws[0], dossier.version
    other = digest_of(b"nowhere") if what == "gone" else version.environment
    wrong = dataclasses.replace(dossier, version=dataclasses.replace(version, draws=(dataclasses.replace(draw, state=other),)))
    with pytest.raises(CannotReplay, match=r"the state of default_rng\(\) before cell 2 cannot be read"):
        write_states(lake._parts, wrong, [CellToRun("a", 1), CellToRun("b", 2)], tmp_path / "states")
