import pytest

from mvlake.errors import Invalid
from mvlake.lake.policy import parse_policy, read_policy, wanted_ceiling, wanted_keep
from mvlake.records.policy import DataPolicy, Keep, Policy
from mvlake.store.keys import POLICY
from mvlake.store.memory import MemoryStore


def test_a_lake_without_a_policy_keeps_everything():
    assert read_policy(MemoryStore()) == Policy()
    assert Policy().data.keep is Keep.FULL


def test_an_edit_counts_at_once():
    store = MemoryStore()
    assert read_policy(store).data.keep is Keep.FULL
    store.put_hint(POLICY, b'[data]\nkeep = "none"')
    assert read_policy(store).data.keep is Keep.NONE


def test_sizes_are_said_in_words_or_bytes():
    assert parse_policy(b'[data]\nceiling = "1.5 GB"\nfile_ceiling = 4096').data == DataPolicy(Keep.FULL, 1_500_000_000, 4096)


def test_a_table_that_is_not_known_is_passed_over():
    assert parse_policy(b"[retention]\nyears = 10\n[data]\n") == Policy()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[data]\nkepe = 'none'", "kepe"),
        ("[data]\nkeep = 'some'", "full"),
        ("[data]\nkeep = 3", "full"),
        ("[data]\nceiling = 'much'", "500 MB"),
        ("[data]\nceiling = -1", "500 MB"),
        ("[data]\nceiling = true", "500 MB"),
        ("data = 3", "table"),
        ("[data", "TOML"),
        ("\ud800", "TOML"),
        ("x = " + "[" * 5000, "TOML"),
    ],
)
def test_what_nobody_can_mean_is_refused_with_something_to_type(text, said):
    with pytest.raises(Invalid) as refused:
        parse_policy(text.encode("utf-8", "surrogatepass"))
    assert said in str(refused.value)
    assert refused.value.hint


def test_the_environment_asks_for_less_or_for_another_ceiling():
    assert wanted_keep({}) is None
    assert wanted_keep({"MVLAKE_DATA": " Profile "}) is Keep.PROFILE
    assert wanted_ceiling({"MVLAKE_CEILING": "20 MB"}) == 20_000_000
    with pytest.raises(Invalid, match="MVLAKE_DATA"):
        wanted_keep({"MVLAKE_DATA": "some"})
    with pytest.raises(Invalid, match="MVLAKE_CEILING"):
        wanted_ceiling({"MVLAKE_CEILING": "lots"})


def test_the_least_ranks_lowest():
    assert [one for one in sorted(Keep, key=lambda keep: keep.rank)] == [Keep.NONE, Keep.PROFILE, Keep.FULL]
