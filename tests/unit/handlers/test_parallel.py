import threading

import pytest

from mvlake.handlers.parallel import in_order


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_results_come_in_the_order_of_the_items(workers):
    assert list(in_order(lambda item: item * item, range(1000), workers=workers)) == [item * item for item in range(1000)]


def test_whoever_asks_does_what_no_thread_has_begun():
    others_may, here = threading.Event(), []

    def work(item):
        if threading.current_thread() is not threading.main_thread():
            others_may.wait()
            return item
        here.append(item)
        if len(here) == 5:
            others_may.set()
        return item

    assert list(in_order(work, range(40), workers=1)) == list(range(40))
    assert len(here) >= 5


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_an_error_ends_the_work(workers):
    begun = []

    def work(item):
        begun.append(item)
        if item == 20:
            raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        list(in_order(work, range(100_000), workers=workers))
    assert len(begun) < 1000


def test_an_error_of_the_items_ends_the_work():
    def items():
        yield from range(30)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(in_order(str, items(), workers=2))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("mvlake-frame")]


def test_few_items_are_taken_ahead_of_the_results_however_long_the_first_one_takes():
    taken, done, held, free = [], [], [], threading.Event()

    def items():
        for item in range(1000):
            taken.append(item)
            if len(taken) - len(done) > 20:
                free.set()  # too many: the assertion below says so
            yield item

    def work(item):
        if threading.current_thread() is not threading.main_thread() and not held:
            held.append(len(done))
            free.wait(timeout=0.2)  # nothing says that the asking thread waits, so it is let go after a while
        return item

    for result in in_order(work, items(), workers=1):
        done.append(result)
    assert done == list(range(1000))
    assert not free.is_set()
