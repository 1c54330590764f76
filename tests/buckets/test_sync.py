import os
import random
import signal
import threading
from pathlib import Path

import pytest

from mvlake.errors import Conflict, DamagedObject, Invalid, LakeNotFound, MissingObject, Refused
from mvlake.lake.lake import Lake
from mvlake.lake.open import parts_of
from mvlake.lake.progress import tell_nobody
from mvlake.lake.transfer import Transfer
from mvlake.store.keys import SETTINGS, digest_in, object_key, pack_key, record_key
from mvlake.store.local import LocalStore
from mvlake.store.memory import MemoryStore

BIG = 70


@pytest.fixture
def here(tmp_path):
    return Lake.open(tmp_path / "here")


@pytest.fixture(params=["bucket", "folder"])
def place(request, tmp_path):
    """Where the other copy is to be."""
    return request.getfixturevalue("server").url() if request.param == "bucket" else str(tmp_path / "there")


def fill(lake, commit, count=3, start=0):
    for number in range(start, start + count):
        commit(lake, depth=number, outputs={"x": [number] * 50}, models={"m": bytes([number % 250]) * 300_000})


def same(one, other):
    """True when two copies have the same records, and the same files of objects."""
    a, b = one._parts.store, other._parts.store
    return all(
        {key: a.get(key) for key in a.keys(part)} == {key: b.get(key) for key in b.keys(part)} for part in ("log/", "objects/")
    )


def test_a_push_makes_the_same_lake(here, place, commit):
    fill(here, commit)
    here.promote("fraud:v2", "production")
    answer = here.push(place)
    assert (answer.way, answer.records, answer.head, answer.is_applied) == ("pushed", 4, 4, True)
    there = Lake.open(place, create=False)
    assert there.status().lake_id == here.status().lake_id
    assert there.verify(data=True).is_clean
    assert there.load("fraud@production", "x") == [1] * 50
    assert same(here, there)


def test_only_what_is_missing_is_sent(here, place, commit):
    fill(here, commit)
    here.push(place)
    assert (here.push(place).records, here.push(place).files) == (0, 0)
    fill(here, commit, 1, start=9)
    again = here.push(place)
    assert again.records == 1
    assert 0 < again.size < 10_000  # the model of 300 KB of one byte is compressed; nothing of the first three goes again
    assert same(here, Lake.open(place))


def test_a_pull_brings_what_others_committed(here, place, commit):
    fill(here, commit)
    here.push(place)
    there = Lake.open(place)
    fill(there, commit, 2, start=5)
    answer = here.pull(place)
    assert (answer.way, answer.records, answer.head) == ("pulled", 2, 5)
    assert here.load("fraud:v5", "x") == [6] * 50
    assert here.verify(data=True).is_clean
    assert same(here, there)


def test_sync_goes_the_way_that_is_due(here, place, commit):
    fill(here, commit)
    assert here.sync(place).way == "pushed"
    fill(Lake.open(place), commit, 1, start=5)
    assert here.sync(place).way == "pulled"
    assert here.sync(place).records == 0
    fill(here, commit, 1, start=7)
    assert (here.sync(place).way, here.sync(place).records) == ("pushed", 0)
    assert same(here, Lake.open(place))


def test_copies_that_went_on_separately_are_left_as_they_are(here, place, commit):
    fill(here, commit, 5)
    here.push(place)
    there = Lake.open(place)
    fill(here, commit, 2, start=10)
    fill(there, commit, 3, start=20)
    before = [list(lake._parts.store.keys("")) for lake in (here, there)]
    for verb in (here.push, here.pull, here.sync, there.push, there.pull, there.sync):
        with pytest.raises(Conflict, match=r"record 6 of .* is another one"):
            verb(place if verb.__self__ is here else here.path)
    assert [list(lake._parts.store.keys("")) for lake in (here, there)] == before


def test_a_push_to_a_copy_that_is_ahead_says_to_pull(here, place, commit):
    fill(here, commit)
    here.push(place)
    fill(Lake.open(place), commit, 2, start=5)
    with pytest.raises(Conflict, match="2 records more") as caught:
        here.push(place)
    assert caught.value.hint == f"`pull {place}`"
    fill(here, commit, 0)
    here.pull(place)
    fill(here, commit, 1, start=8)
    with pytest.raises(Conflict, match="1 records more") as caught:
        here.pull(place)
    assert caught.value.hint == f"`push {place}`"


def test_another_lake_is_never_written(here, place, commit):
    fill(here, commit, 1)
    other = Lake.open(place)
    for verb in (here.push, here.pull, here.sync):
        with pytest.raises(Refused, match="another lake"):
            verb(place)
    assert len(other.log()) == 0


def test_a_lake_is_not_its_own_copy(here, commit):
    with pytest.raises(Refused, match="this lake itself"):
        here.push(here.path)


def test_a_pull_from_nowhere_finds_nothing(here, place):
    with pytest.raises(LakeNotFound):
        here.pull(place)
    with pytest.raises(LakeNotFound):
        Lake.open(place, create=False)


def test_a_dry_run_tells_all_and_moves_nothing(here, place, commit):
    fill(here, commit)
    told = here.push(place, dry_run=True)
    assert (told.is_applied, told.place) == (False, place)
    with pytest.raises(LakeNotFound):
        Lake.open(place, create=False)
    done = here.push(place)
    assert (told.records, told.files, told.size, told.head) == (done.records, done.files, done.size, done.head)
    fill(Lake.open(place), commit, 2, start=5)
    before = list(here._parts.store.keys("log/"))
    told = here.pull(place, dry_run=True)
    assert list(here._parts.store.keys("log/")) == before
    done = here.pull(place)
    assert (told.records, told.files, told.size) == (done.records, done.files, done.size)


def test_init_makes_a_copy_with_the_same_id(here, place, commit, tmp_path):
    fill(here, commit)
    here.push(place)
    status = Lake.init(str(tmp_path / "mine"), source=place)
    assert (status.lake_id, status.records) == (here.status().lake_id, 3)
    mine = Lake.open(tmp_path / "mine")
    assert mine.verify(data=True).is_clean
    assert same(here, mine)
    fill(here, commit, 1, start=5)
    here.push(place)
    assert Lake.init(str(tmp_path / "mine"), source=place).records == 4
    Lake.open(tmp_path / "another")
    with pytest.raises(Refused, match="another lake"):
        Lake.init(str(tmp_path / "another"), source=place)


def test_progress_is_told(here, place, commit):
    fill(here, commit, BIG)
    told = []
    here.push(place, tell=lambda *said: told.append(said))
    there = Lake.open(place).path
    assert [(done, size) for what, done, size in told if what == f"records to {there}"] == [(0, 70), (32, 70), (64, 70), (70, 70)]
    sizes = [done for what, done, _ in told if what == f"bytes to {there}"]
    assert sizes == sorted(sizes)
    assert sizes[-1] == sum(here._parts.store.size(key) for key in here._parts.store.keys("objects/"))


def test_objects_in_files_of_their_own_go_too(here, place, commit, tmp_path):
    model = os.urandom(3_000_000)
    commit(here, models={"m": model})
    here.push(place)
    assert Lake.open(place).load("fraud:v1", "m") == model
    copy = tmp_path / "copy"
    Lake.init(str(copy), source=place)
    assert Lake.open(copy).load("fraud:v1", "m") == model


def test_frames_go_with_all_their_chunks(here, place, commit, tmp_path):
    pandas = pytest.importorskip("pandas")
    numbers = random.Random(7)
    frame = pandas.DataFrame({"a": [numbers.random() for _ in range(100_000)], "b": [numbers.randrange(9) for _ in range(100_000)]})
    commit(here, outputs={"df": frame})
    edited = frame.copy()
    edited.loc[500:600, "a"] = 0.5
    here.push(place)
    commit(here, depth=2, outputs={"df": edited})
    sent = here.push(place)
    assert sent.size < 1_000_000
    there = Lake.open(place)
    pandas.testing.assert_frame_equal(there.load("fraud:v2", "df"), edited)
    assert there.verify(data=True).is_clean
    copy = tmp_path / "copy"
    Lake.init(str(copy), source=place)
    assert Lake.open(copy).verify(data=True).is_clean
    pandas.testing.assert_frame_equal(Lake.open(copy).load("fraud:v1", "df"), frame)


def test_damage_is_not_passed_on(here, place, commit):
    fill(here, commit, 2)
    pack = next(path for path in (LocalStore(Path(here.path)).keys("objects/")) if path.endswith(".pack"))
    path = Path(here.path) / pack
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    with pytest.raises(DamagedObject, match="not passed on"):
        here.push(place)
    there = Lake.open(place)
    assert there.status().records == 0
    assert pack not in set(there._parts.store.keys("objects/"))


def test_what_is_missing_is_said_and_nothing_that_needs_it_is_sent(here, place, commit):
    fill(here, commit, 2)
    for key in list(here._parts.store.keys("objects/")):
        if key.endswith(".pack"):
            here._parts.store.remove(key)
            break
    with pytest.raises(MissingObject, match=r"fraud:v\d in .* needs it"):
        Lake.open(here.path).push(place)
    assert Lake.open(place).status().records == 0


def test_a_forgotten_version_whose_content_is_gone_goes_without_it(here, place, commit):
    fill(here, commit, 3)
    here.forget("fraud:v2")
    pack = here._parts.log.read(2)[0].packs[0]
    here._parts.store.remove(object_key(pack) + ".pack")
    lake = Lake.open(here.path)
    answer = lake.push(place)
    assert (answer.records, answer.gone) == (4, ("fraud:v2",))
    there = Lake.open(place)
    assert there.load("fraud:v3", "x") == [2] * 50
    assert there.verify().is_clean is lake.verify().is_clean


def test_the_index_goes_along(here, place, commit):
    for number in range(260):
        commit(here, depth=number)
    here.sql("select 1")
    here.push(place)
    derived = {key for key in here._parts.store.keys("index/catalogue")}
    assert derived
    assert set(Lake.open(place)._parts.store.keys("index/catalogue")) == derived


def test_a_commit_that_comes_between_is_never_overwritten(here, place, commit, monkeypatch):
    fill(here, commit, 2)
    here.push(place)
    fill(here, commit, 3, start=10)
    rival = Lake.open(place)
    original = Transfer._bring_records

    def late(transfer, batch):
        fill(rival, commit, 1, start=20)
        original(transfer, batch)

    monkeypatch.setattr(Transfer, "_bring_records", late)
    with pytest.raises(Conflict, match="meanwhile: its record 3 is another one"):
        here.push(place)
    there = Lake.open(place)
    assert [entry.ref for entry in there.log()] == ["fraud:v3", "fraud:v2", "fraud:v1"]
    assert there.load("fraud:v3", "x") == [20] * 50
    assert there.verify().is_clean


def test_what_was_there_and_is_collected_before_a_record_names_it_is_brought_again(here, tmp_path, commit, monkeypatch):
    place = str(tmp_path / "there")
    fill(here, commit, 2)
    here.push(place)
    fill(here, commit, 1, start=10)
    there = LocalStore(tmp_path / "there" / ".mvlake")
    pack = pack_key(here._parts.log.read(3)[0].packs[0])
    there.put_new(pack, here._parts.store.get(pack))  # of a push that was interrupted, long ago
    original = Transfer._bring_records

    def late(transfer, batch):
        there.move(pack, f"trash/{pack}")
        original(transfer, batch)

    monkeypatch.setattr(Transfer, "_bring_records", late)
    here.push(place)
    assert there.size(pack)
    assert Lake.open(place).load("fraud:v3", "x") == [10] * 50


def test_names_that_are_no_objects_are_never_fetched(server, tmp_path, commit):
    here = Lake.open(tmp_path / "here")
    fill(here, commit, 1)
    here.push(server.url())
    server.ask("PUT", f"/{server.bucket}/lakes/fraud/objects/%2E%2E%5C%2E%2E/evil", b"x")
    server.ask("PUT", f"/{server.bucket}/lakes/fraud/index/%2E%2E%2Fevil", b"x")
    Lake.init(str(tmp_path / "copy"), source=server.url())
    store = Lake.open(tmp_path / "copy")._parts.store
    assert all(digest_in(key) for key in store.keys("objects/"))
    assert not list(tmp_path.rglob("*evil*"))


def test_a_record_of_another_history_is_not_fetched(server, tmp_path, commit):
    here = Lake.open(tmp_path / "here")
    fill(here, commit, 1)
    here.push(server.url())
    there = Lake.open(server.url())
    fill(there, commit, 1, start=4)
    store = server.store()
    forged = store.get(record_key(2)).replace(b'"kind":"version"', b'"kind":"versiom"')
    store.remove(record_key(2))
    store.put_new(record_key(2), forged)
    from mvlake.errors import Damaged

    with pytest.raises(Damaged):
        here.pull(server.url())
    assert here.status().records == 1


def test_an_address_with_credentials_is_refused_and_not_repeated(here):
    with pytest.raises(Invalid) as caught:
        here.push("s3://key:top-secret@team/lake")
    assert "top-secret" not in str(caught.value)


def test_an_interrupt_ends_a_push_at_once_and_it_goes_on(proxy, in_child, tmp_path, commit):
    code = """
import sys
from mvlake.lake.lake import Lake
from mvlake.lake.open import parts_of
from mvlake.lake.progress import tell_nobody
lake = Lake.open(sys.argv[1])
print("begins", flush=True)
try:
    lake.push(sys.argv[2])
except KeyboardInterrupt:
    print("interrupted", flush=True)
import os
os._exit(0)
"""
    here = Lake.open(tmp_path / "here")
    fill(here, commit, 5)
    arrived, released = threading.Event(), threading.Event()

    def fault(request):
        if request.method == "PUT" and "/objects/" in request.path:
            arrived.set()
            released.wait(60)
        return ""

    proxy.fault = fault
    with in_child(code, here.path, proxy.behind().url(), of=proxy.behind()) as child:
        assert child.stdout.readline() == "begins\n"
        assert arrived.wait(60)
        child.send_signal(signal.SIGINT)
        assert child.stdout.readline() == "interrupted\n"  # while the server still holds its answers
        released.set()
        assert child.wait(30) == 0
    with pytest.MonkeyPatch.context() as patch:
        for name, value in proxy.server.environ.items():
            patch.setenv(name, value)
        assert Lake.open(proxy.server.url()).verify().is_clean
        here.push(proxy.server.url())
        assert same(here, Lake.open(proxy.server.url()))


class OneRefusal(MemoryStore):
    """A store that refuses the first file that a transfer brings, while others are on their way."""

    def __init__(self, settings):
        super().__init__()
        super().put_new(SETTINGS, settings)
        self.numbers, self.both, self.at_work, self.brought = iter(range(1_000)), threading.Barrier(2), set(), 0

    def put_new(self, key, data):
        number = next(self.numbers)
        if number < 2:
            self.both.wait(10)
        if number == 0:
            raise Refused("no room", hint="make some")
        self.at_work.add(key)
        threading.Event().wait(0.2)
        is_new = super().put_new(key, data)
        self.brought += 1
        self.at_work.discard(key)
        return is_new


def test_nothing_goes_on_writing_after_a_transfer_has_failed(here, commit):
    fill(here, commit, 6)
    store = OneRefusal(here._parts.store.get(SETTINGS))
    there = parts_of(store, clock=here._parts.clock)
    with pytest.raises(Refused, match="no room"):
        Transfer(here._parts, there, near=here._parts, is_dry=False, tell=tell_nobody).run()
    assert store.brought > 0
    assert store.at_work == set()
