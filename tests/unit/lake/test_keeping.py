import pytest

from mvlake.errors import Invalid
from mvlake.lake.keeping import keeping
from mvlake.records.policy import DataPolicy, Keep

OPEN = DataPolicy(ceiling=1000, file_ceiling=100)


def test_everything_is_kept_below_the_ceilings():
    found = keeping(OPEN, asked=None, environ={})
    assert found.of(1000) == (Keep.FULL, "")
    assert found.of_file(100) == (Keep.FULL, "")
    assert found.of(1001)[0] is found.of_file(101)[0] is Keep.PROFILE
    assert "--data full" in found.of(1001)[1]
    assert "--data full" in found.of_file(101)[1]


def test_a_cell_that_asks_for_all_of_it_gets_it():
    found = keeping(OPEN, asked=Keep.FULL, environ={"MVLAKE_DATA": "none", "MVLAKE_CEILING": "1"})
    assert found.of(10**12) == found.of_file(10**12) == (Keep.FULL, "")


@pytest.mark.parametrize("most", Keep)
@pytest.mark.parametrize("asked", [None, *Keep])
def test_nobody_keeps_more_than_the_policy_allows(most, asked):
    found = keeping(DataPolicy(keep=most), asked=asked, environ={})
    assert found.keep.rank == min(most.rank, (asked or Keep.FULL).rank)
    assert bool(found.because) == (found.keep is not Keep.FULL)
    assert ("policy.toml" in found.because) == (most.rank < (asked or Keep.FULL).rank)


def test_the_environment_speaks_for_cells_that_say_nothing():
    assert keeping(OPEN, asked=None, environ={"MVLAKE_DATA": "profile"}).keep is Keep.PROFILE
    assert "MVLAKE_DATA" in keeping(OPEN, asked=None, environ={"MVLAKE_DATA": "profile"}).because
    assert "MVLAKE_CEILING" in keeping(OPEN, asked=None, environ={"MVLAKE_CEILING": "10"}).of(11)[1]
    with pytest.raises(Invalid):
        keeping(OPEN, asked=None, environ={"MVLAKE_CEILING": "much"})
