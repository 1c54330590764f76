import threading

import numpy as np
import pyarrow as pa
import pytest

from mvlake.handlers.column_node import write_column
from mvlake.lake.backlog import Cancelled, Job
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


def test_a_job_that_is_cancelled_while_threads_write_a_column_ends_at_once_and_leaves_no_thread(lake):
    column = pa.array(np.random.default_rng(5).integers(0, 1 << 60, 4_000_000))
    job = Job("x", column.nbytes, write=lambda job: None, drop=lambda: None)

    class Stopped(LakeShelf):
        def put(self, data, *, weight=None):
            if job.done > 1 << 20:
                job.cancel()
            return super().put(data, weight=weight)

    with pytest.raises(Cancelled):
        write_column(Stopped(lake._parts, job), column)
    assert job.done < column.nbytes // 2
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("mvlake-frame")]
