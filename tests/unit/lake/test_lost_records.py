import pytest

from mvlake.errors import DamagedRecord
from mvlake.lake.lake import Lake


@pytest.fixture
def place(tmp_path, commit):
    lake = Lake.open(tmp_path)
    for depth in range(6):
        commit(lake, depth=depth)
    return tmp_path


def record(place, seq):
    return place / f".mvlake/log/000000/{seq:06d}.json"


@pytest.mark.parametrize("seq", [1, 4, 6])
def test_a_lake_that_lost_a_record_answers_nothing_from_the_rest(place, seq, commit):
    kept = record(place, seq).read_bytes()
    record(place, seq).unlink()
    lake = Lake.open(place)
    for ask in (
        lake.log,
        lambda: lake.show("fraud:v1"),
        lambda: lake.promote("fraud:v1", "production"),
        lambda: commit(lake, depth=99),
    ):
        with pytest.raises(DamagedRecord, match=f"record {seq} "):
            ask()
    assert not record(place, seq).exists()
    assert not lake.verify().is_clean
    record(place, seq).write_bytes(kept)
    assert Lake.open(place).log().entries[0].ref == "fraud:v6"
    assert Lake.open(place).verify().is_clean


def test_a_lake_without_the_hint_is_read_as_far_as_it_goes(place):
    (place / ".mvlake/index/head.json").unlink()
    assert len(Lake.open(place).log()) == 6
