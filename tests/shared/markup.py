"""HTML as tests read it: with a parser, against our own lists of elements."""

import re
import struct
import zlib
from html.parser import HTMLParser

from mvlake.view.elements import ATTRIBUTES, TAGS

VOID = {"img", "meta"}


class Reader(HTMLParser):
    """Collects tags, attributes and text, and checks that tags close in order."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.attributes, self.texts = [], set(), set(), []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= set(attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    def handle_comment(self, data):
        raise AssertionError(data)

    def handle_decl(self, decl):
        assert decl == "DOCTYPE html"

    unknown_decl = handle_pi = handle_comment


def read(html):
    """Return what a parser finds in HTML, all of whose elements are closed."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def check_fragment(html):
    """Return what a parser finds, all of it on our lists, and no character that cannot be seen."""
    reader = read(html)
    assert reader.tags <= TAGS
    for name, value in reader.attributes:
        assert ATTRIBUTES[name].fullmatch(value)
    html.encode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", html)
    return reader


def png(width=1, height=1, pixel=b"\0\0\0"):
    """Return a small PNG of one color."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + pixel * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
