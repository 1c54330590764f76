from mvlake.lake.shelf import LakeShelf
from mvlake.testing.stores import at_once

THREADS = 8


def test_what_many_threads_put_at_once_is_all_kept_and_counted(lake):
    for turn in range(20):
        shelf = LakeShelf(lake._parts)

        def put(thread, turn=turn, shelf=shelf):
            return [(shelf.put(data), data) for data in (b"%d %d %d" % (turn, thread, number) * 50 for number in range(20))]

        found = [pair for pairs in at_once(put, threads=THREADS) for pair in pairs]
        for pack in shelf.finish():
            lake._parts.objects.learn(pack)
        assert shelf.size == sum(len(data) for _, data in found)
        assert all(lake._parts.objects.read(digest) == data for digest, data in found)
