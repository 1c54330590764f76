import os

from mvlake.records.environment import Author
from mvlake.records.events import Note
from mvlake.records.record import Record
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.keys import object_key, pack_key, record_key
from mvlake.store.local import LocalStore
from mvlake.store.log import Log
from mvlake.store.objects import ALONE, Objects


def inode(path):
    return path.stat().st_ino


def test_a_record_has_a_name_only_when_all_that_it_names_is_safe(tmp_path, monkeypatch):
    safe, linked, link, fsync = set(), {}, os.link, os.fsync

    def note_flush(descriptor):
        fsync(descriptor)
        safe.add((os.fstat(descriptor).st_ino, len(linked)))

    def note_link(source, target):
        assert (inode(source), len(linked)) in safe, "a file got its name before its content was safe"
        link(source, target)
        linked[os.fspath(target)] = inode(source)

    monkeypatch.setattr(os, "fsync", note_flush)
    monkeypatch.setattr(os, "link", note_link)
    small, large = b"small", b"large" * ALONE
    store = LocalStore(tmp_path)
    (pack,) = Objects(store).write({digest_of(small): small, digest_of(large): large})
    log = Log(store, genesis=genesis("0" * 32), follow=lambda record, digest: None)
    log.append(lambda seq, prev: Record(seq, prev, "2026-03-03T14:00:00.000000Z", Author("a", "b"), Note("a", 1, "x"), (pack,)))

    order = [tmp_path / key for key in (object_key(digest_of(large)), pack_key(pack), record_key(1))]
    assert [os.fspath(path) for path in order] == list(linked)
    for number, path in enumerate(order, start=1):
        # The folder is flushed after this name came into it, and before the next file gets one.
        assert (inode(path.parent), number) in safe
        assert linked[os.fspath(path)] == inode(path)


def test_a_folder_is_flushed_into_the_one_above_before_anything_in_it_counts(tmp_path, monkeypatch):
    made, flushed, mkdir, fsync = [], [], os.mkdir, os.fsync

    def note_mkdir(path, *arguments, **options):
        mkdir(path, *arguments, **options)
        made.append(os.path.dirname(path))

    def note_flush(descriptor):
        fsync(descriptor)
        flushed.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "mkdir", note_mkdir)
    monkeypatch.setattr(os, "fsync", note_flush)
    LocalStore(tmp_path).put_new("log/000000/000001.json", b"x")
    assert len(made) == 3
    assert {os.stat(folder).st_ino for folder in made} <= set(flushed)
