"""What is looked through of models and archives: also what they deflate, and never without end."""

import gzip
import io
import os
import zipfile
import zlib

import pytest

from mvlake.redaction.blobs import MOST, texts_of
from mvlake.redaction.known import Known
from mvlake.redaction.redactor import Allowed, Redactor

SECRET = "p1dantic-inside-88"
KEY = bytes(32)


def zipped(*members, how=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for place, data in enumerate(members):
            archive.writestr(f"{place}.json", data)
    return file.getvalue()


def found(blob, **more):
    known = Known()
    known.learn("variable.api", SECRET, **more)
    redactor = Redactor([], known, key=lambda: KEY, allowed=Allowed())
    return redactor.known_in(texts_of(blob), only_sure=True)


ROOM = b"many words of no use " * 300_000
HOLDING = b"words " * 400_000 + SECRET.encode() + b" words" * 10


@pytest.mark.parametrize("blob", [
    SECRET.encode(), zipped(b"first", HOLDING), zipped(HOLDING, how=zipfile.ZIP_STORED), gzip.compress(HOLDING), zlib.compress(HOLDING),
    b"#! before the archive\n" + zipped(HOLDING), SECRET.encode().hex().encode(), zipped(HOLDING, how=zipfile.ZIP_LZMA),
])  # fmt: skip
def test_a_known_value_is_found_also_where_it_is_deflated(blob):
    assert found(blob, is_sure=True).startswith("variable.api")
    assert found(blob) == ""  # a guess does not count where only what is sure does


def test_a_value_across_two_pieces_is_found():
    piece = 4 << 20
    for lead in (piece - 5, piece - len(SECRET), piece):
        assert found(gzip.compress(b" " * lead + SECRET.encode()), is_sure=True)


def test_what_is_no_archive_or_a_hostile_one_ends_soon():
    bomb = zipped(bytes(2 * MOST))
    assert sum(map(len, texts_of(bomb))) < MOST * 3 // 2
    assert sum(map(len, texts_of(zlib.compress(bytes(2 * MOST))))) < MOST * 3 // 2
    for broken in (b"PK\x05\x06", zipped(ROOM)[:-5] + b"PK\x05\x06", b"\x1f\x8b" + os.urandom(99), b"\x78\x9c" + bytes(99), b""):
        assert found(broken, is_sure=True) == ""
    hurt = bytearray(zipped(HOLDING))
    hurt[200:300] = bytes(100)
    list(texts_of(bytes(hurt)))
