import numpy as np
import pandas as pd

from mvlake.records.node import read_node


def splits():
    dice = np.random.default_rng(1)
    whole = pd.DataFrame({"number": dice.integers(0, 1 << 40, 90_000), "share": dice.random(90_000)})
    return {"train": whole.iloc[:45_000], "test": whole.iloc[45_000:], "weights": np.arange(40_000.0)}


def is_as_it_was(found):
    wanted = splits()
    assert list(found) == list(wanted)
    pd.testing.assert_frame_equal(found["train"], wanted["train"])
    pd.testing.assert_frame_equal(found["test"], wanted["test"])
    assert (found["weights"] == wanted["weights"]).all()


def test_a_dictionary_of_frames_is_a_node_of_nodes_and_needs_no_trust(lake, commit):
    (artifact,) = commit(lake, outputs={"splits": splits()}).artifacts
    assert (artifact.handler, artifact.is_node) == ("structure", True)
    node = read_node(lake._parts.objects.read(artifact.object))
    assert (len(node.nodes), len(node.leaves)) == (2, 1)
    is_as_it_was(lake.load("fraud:v1", "splits"))


def test_the_parts_of_a_dictionary_are_verified_and_survive_collecting(lake, commit):
    commit(lake, depth=1, outputs={"splits": splits()})
    commit(lake, depth=2, outputs={"other": np.arange(500_000)})
    lake.forget("fraud:v2", reason="not needed")
    for _ in range(4):
        lake.gc(apply=True, grace="0", hasty=True)
    assert lake.verify(data=True).is_clean
    is_as_it_was(lake.load("fraud:v1", "splits"))


def test_the_same_dictionary_again_is_the_same_artifact(lake, commit):
    one, other = (commit(lake, depth=depth, outputs={"splits": splits()}).artifacts[0] for depth in (1, 2))
    assert (one.digest, one.object) == (other.digest, other.object)
