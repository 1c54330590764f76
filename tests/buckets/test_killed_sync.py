import json

import pytest

# One process imports everything and forks for each point: nothing of obstore runs before the fork. Each child does the verb and is
# killed right before or right after its n-th request to the copy that receives; the next one looks at what is left, and goes on.
SWEEP = """
import itertools, json, os, signal, sys, threading
sys.path.insert(0, sys.argv[1])
from conftest import commit_version
from mvlake.lake.lake import Lake
from mvlake.store import bucket
from mvlake.store.local import LocalStore

verb, here, points = sys.argv[2], sys.argv[3], int(sys.argv[4])

def in_fork(work):
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            work()
            code = 0
        except BaseException:
            import traceback
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def armed(place, point):
    counted, lock = itertools.count(1), threading.Lock()
    def strike(ask):
        with lock:
            number = next(counted)
        if number == point and point % 2:
            os.kill(os.getpid(), signal.SIGKILL)
        try:
            return ask()
        finally:
            if number == point:
                os.kill(os.getpid(), signal.SIGKILL)
    if place.startswith("s3:"):
        original = bucket._call
        bucket._call = lambda ask: strike(lambda: original(ask))
        return counted
    for name in ("put_new", "put_hint", "size", "get"):
        original = getattr(LocalStore, name)
        def called(self, *given, original=original):
            if not self.location.startswith(place):
                return original(self, *given)
            return strike(lambda: original(self, *given))
        setattr(LocalStore, name, called)
    return counted

def go(source, target):
    if verb == "push":
        return Lake.open(source, create=False).push(target)
    Lake.init(target, source=source)

def check(source, target):
    from mvlake.errors import LakeNotFound
    try:
        left = Lake.open(target, create=False)
    except LakeNotFound:
        left = None
    if left is not None:
        # Verified as any copy: what is not named yet is a remark, and no damage.
        assert left.verify(data=True).is_clean, left.verify(data=True)
        lake = Lake.open(source, create=False)
        assert [one.ref for one in lake.log()][-len(left.log()) or 99:] == [one.ref for one in left.log()]
    go(source, target)
    done, lake = Lake.open(target, create=False), Lake.open(source, create=False)
    assert done.verify(data=True).is_clean
    for part in ("log/", "objects/"):
        files = [{key: one._parts.store.get(key) for key in one._parts.store.keys(part)} for one in (lake, done)]
        assert files[0] == files[1], part

for source, target, point in json.load(sys.stdin):
    ended = in_fork(lambda: (armed(target, point), go(source, target)))
    assert ended in (0, -signal.SIGKILL), ended
    assert in_fork(lambda: check(source, target)) == 0, point
    print(point, ended, flush=True)
"""
POINTS = 50


def struck(in_child, request, verb, pairs, server):
    with in_child(SWEEP, request.config.rootpath / "tests", verb, "-", POINTS, of=server) as child:
        said, errors = child.communicate(json.dumps(pairs), timeout=500)
    assert child.returncode == 0, errors
    ends = [line.split() for line in said.splitlines()]
    return [int(point) for point, ended in ends if ended != "0"], [int(point) for point, ended in ends if ended == "0"]


@pytest.fixture
def filled(tmp_path, commit):
    from mvlake.lake.lake import Lake

    lake = Lake.open(tmp_path / "here")
    for number in range(14):
        commit(lake, depth=number, outputs={"x": [number] * 50}, models={"m": str(number).encode() * 400})
    return lake


@pytest.mark.parametrize(("verb", "kind"), [("push", "bucket"), ("push", "folder"), ("pull", "folder")])
def test_a_transfer_that_is_killed_leaves_a_shorter_lake_and_goes_on(verb, kind, filled, server, tmp_path, in_child, request):
    pairs = [(filled.path, server.url(f"p{n}") if kind == "bucket" else str(tmp_path / f"p{n}"), n) for n in range(1, POINTS + 1)]
    killed, survived = struck(in_child, request, verb, pairs, server)
    assert (killed, survived) == (list(range(1, POINTS + 1)), [])  # every point lies in the work
