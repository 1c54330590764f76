"""Lakes whose records a stranger wrote: what is in them is text, and is never more."""

import builtins
import os

import pytest
from steps import steps

from mvlake.errors import Damaged, DamagedRecord, FormatTooNew, MvlakeError, TooNew
from mvlake.store.hashing import digest_of
from mvlake.store.seal import seal

NASTY = [
    "../../../etc/passwd",
    "/etc/passwd",
    "file:///etc/passwd",
    "a/b",
    "..",
    "",
    "~",
    "\x00",
    "\x1b[2J\x1b]0;owned\x07",
    "<script>alert(1)</script>",
    "'; drop table versions; --",
    "{0.__class__}",
    "%s%n",
    "$(touch marker)",
    "`touch marker`",
    "__import__('os').system('touch marker')",
    "\u202egpj.exe",
    "🐟",
    "x" * 20_000,
    "-rf",
    "\r\nHint: all is well",
    "]]>",
    "{{7*7}}",
    "\ufeff",
    "\u2028",
]


@pytest.fixture
def hand(lake, forger):
    return forger(lake._parts.store)


def look_at(lake, as_json):
    """Ask a stranger's lake everything, and render every answer every way."""
    from mvlake.view.html import page
    from mvlake.view.text import as_text

    answers = [lake.log(), lake.labels(), lake.at("2030-01-01"), lake.status(), lake.verify(), lake.sql("select * from versions")]
    for entry in answers[0].entries:
        answers += [lake.show(entry.digest), lake.compare(entry.digest, entry.digest)]
    for answer in answers:
        as_json(answer)
        text, html = as_text(answer), page(answer, "answer")
        assert "\x1b" not in text
        assert "\x00" not in text + html
        assert "<script" not in html
    return answers


@pytest.mark.parametrize("nasty", NASTY, ids=lambda text: ascii(text[:30]))
def test_a_nasty_text_in_every_field_is_only_text(hand, lake, as_json, tmp_path, monkeypatch, nasty):
    monkeypatch.chdir(tmp_path)
    opened = []
    real = builtins.open
    monkeypatch.setattr(builtins, "open", lambda file, *rest, **more: opened.append(file) or real(file, *rest, **more))
    artifact, objects = hand.artifact(b"1", name=nasty, handler=nasty)
    cell = {"source": str(digest_of(b"x = 1")), "is_tracked": True, "cell_id": nasty}
    hand.version(
        artifact,
        objects=objects,
        name=nasty,
        notebook=nasty,
        message=nasty,
        started_at=nasty,
        cells=[cell],
        names={"read": [nasty], "bound": [nasty], "mutated": [nasty]},
        params=[{"name": nasty, "value": nasty, "source": "literal"}],
        metrics=[{"name": nasty, "value": nasty, "source": "computed", "function": nasty}],
        omitted=[{"name": nasty, "type": nasty, "reason": nasty}],
        redacted=[{"rule": nasty, "place": nasty, "count": -1}],
        hints=[{"code": "hidden-state", "text": nasty, "names": [nasty], "cells": [-1, 0, 9]}],
        draws=[{"cell": -1, "generator": nasty, "kind": "numpy", "state": None, "problem": nasty}],
        described=[
            {
                "role": "input",
                "name": nasty,
                "type": nasty,
                "kind": "plan",
                "source": nasty,
                "cell": -1,
                "sql": nasty,
                "traits": [{"name": nasty, "value": nasty}],
            }
        ],
        lineage=[
            {
                "child": nasty,
                "parent": nasty,
                "kind": "variable",
                "known_by": "text",
                "portion": "rows",
                "function": nasty,
                "rows": -1,
            },
            {"child": nasty, "parent": nasty, "kind": "file", "known_by": "opened", "portion": "unknown", "parent_rows": 0},
        ],
        imports=[{"package": nasty, "version": nasty}],
        seeds=[{"cell": 99, "call": nasty, "value": nasty}],
        files=[
            {
                "path": nasty,
                "relative": nasty,
                "direction": "read",
                "kind": "url",
                "size": -1,
                "found_by": ["named"],
                "problem": nasty,
            }
        ],
        git={"commit": nasty, "branch": nasty, "changed": [nasty], "problem": nasty},
    )
    hand.write("note", {"name": nasty, "number": 1, "text": nasty})
    hand.write("tag", {"name": nasty, "number": 1, "tag": nasty})
    hand.write("label", {"name": nasty, "label": nasty, "from_number": None, "to_number": 1, "move": "promote", "reason": nasty})
    hand.write(
        "attempt",
        {
            "name": nasty,
            "cells": [cell],
            "error_type": nasty,
            "error_message": nasty,
            "started_at": nasty,
            "duration": 1,
        },
    )
    hand.write(
        "replay",
        {
            "name": nasty,
            "number": 1,
            "verdict": "identical",
            "duration": 1,
            "tool": nasty,
            "environment": str(digest_of(b"x = 1")),
            "items": [{"kind": nasty, "name": nasty, "verdict": "identical", "reason": nasty}],
        },
    )
    hand.write(nasty or "x", {"anything": nasty})
    look_at(lake, as_json)
    assert lake.verify().is_clean
    assert list(tmp_path.iterdir()) == []
    assert not [file for file in opened if isinstance(file, str) and file == nasty]
    with pytest.raises(MvlakeError):
        lake.load(lake.log().entries[0].digest, nasty)


@pytest.mark.parametrize(
    "nasty", ["\x1b[2J\x1b]0;owned\x07", "\r\x1b[K", "a\u202eb", "x" * 20_000], ids=lambda text: ascii(text[:30])
)
def test_a_nasty_text_does_not_reach_the_terminal_by_an_error(hand, lake, nasty, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from mvlake.cli.main import main
    from mvlake.store.local import LocalStore

    (tmp_path / ".mvlake").mkdir()
    other = type(hand)(LocalStore(tmp_path / ".mvlake"))
    artifact, objects = other.artifact(b"1", name=nasty, handler="opaque")
    other.version(artifact, objects=objects)
    other.write("label", {"name": "fraud", "label": nasty, "from_number": None, "to_number": 1, "move": "promote"})
    for words in (
        ["load", "fraud"],
        ["load", "fraud", "y"],
        ["show", "fraud@y"],
        ["load", "fraud", nasty],
        ["compare", "fraud", nasty],
    ):
        assert main([*words, "--lake", str(tmp_path)]) == 2
    shown = capsys.readouterr()
    assert "\x1b" not in shown.err
    assert "\u202e" not in shown.err
    assert len(shown.err) < 20_000


# Beyond 2**53 a writer can only say a double, and that is no whole number to a reader.
@pytest.mark.parametrize("number", [2**53 - 1, 2.0**53 + 2, -1, 0, 2, 1e30, 1e308, 1.5, True, "1", None, [1]], ids=str)
@pytest.mark.parametrize("place", ["number", "size", "protocol", "parent", "duration", "execution_count", "seq", "format"])
def test_huge_and_odd_numbers_are_read_or_refused(hand, lake, as_json, place, number):
    artifact, objects = hand.artifact(b"1", **({place: number} if place in ("size", "protocol") else {}))
    cell = {"source": str(digest_of(b"x = 1")), "is_tracked": True} | ({place: number} if place == "execution_count" else {})
    hand.version(artifact, objects=objects, name="first")
    if place in ("seq", "format"):
        hand.write("note", {"name": "fraud", "number": 1, "text": "x"}, **{place: number})
    else:
        changes = {place: number} if place in ("number", "parent", "duration") else {}
        hand.version(artifact, objects=objects, cells=[cell], **changes)
    findings = lake.verify()
    if findings.is_clean:
        look_at(lake, as_json)
        return
    with pytest.raises((Damaged, TooNew)) as raised:
        lake.log()
    assert findings.problems[0].subject in str(raised.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b"garbage",
        b"\xff\xfe",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b'{"format":1}',
        b'{"format":NaN}',
        b'{"format":1e999}',
        b'{"format":true}',
        b'{"format":"1"}',
        b'{"format":null,"seq":1}',
        b"1" * 10_000,
    ],
    ids=lambda data: ascii(data[:16]),
)
@pytest.mark.parametrize("sealed", [True, False])
def test_a_record_that_is_none_is_damage(hand, lake, data, sealed):
    hand.write_bytes(seal(data) if sealed else data)
    with pytest.raises(DamagedRecord) as raised:
        lake.log()
    assert raised.value.seq == 1
    assert len(str(raised.value)) < 1000
    assert [one.subject for one in lake.verify().problems] == ["record 1"]


@pytest.mark.parametrize("found", [2, 2**53 - 1])
def test_a_record_of_a_later_format_says_to_upgrade(hand, lake, found):
    hand.write("version", {}, format=found)
    with pytest.raises(FormatTooNew):
        lake.log()
    assert [one.code for one in lake.verify().problems] == ["format-too-new"]


def test_records_of_unknown_kinds_and_fields_are_passed_over(hand, lake, commit):
    hand.write("approval", {"by": "bob", "deep": [{"a": [1] * 50}]})
    hand.write("note", {"name": "fraud", "number": 1, "text": "early", "mood": "good"}, extra={"later": True})
    artifact, objects = hand.artifact(b"1", licence="MIT")
    hand.version(artifact, objects=objects, colour="red")
    hand.write("gate", None)
    assert lake.load("fraud", "x") == 1
    assert lake.verify().is_clean
    assert commit(lake).ref == "fraud:v2"


@pytest.mark.parametrize("role", ["prompt", "recipe", "../x", "", "OUTPUT"])
def test_a_role_that_this_format_does_not_have_is_damage(hand, lake, role):
    artifact, objects = hand.artifact(b"1", role=role)
    hand.version(artifact, objects=objects)
    with pytest.raises(DamagedRecord):
        lake.log()


@pytest.mark.parametrize(
    "digest", ["", "b3:", "b3:../../etc", "sha256:00", "b3:" + "0" * 63, "b3:" + "G" * 64, "b3:" + "A" * 64, 5, None]
)
@pytest.mark.parametrize("place", ["object", "summary", "digest", "environment", "source", "pack"])
def test_a_digest_that_is_none_is_damage(hand, lake, place, digest):
    artifact, objects = hand.artifact(b"1")
    artifact |= {place: digest} if place in ("object", "summary", "digest") else {}
    if place == "pack":
        hand.write("note", {"name": "fraud", "number": 1, "text": "x"}, packs=[digest])
    else:
        changes = {"environment": {"environment": digest}, "source": {"cells": [{"source": digest}]}}.get(place, {})
        hand.version(artifact, objects=objects, **changes)
    with pytest.raises(DamagedRecord):
        lake.log()


def test_many_artifacts_in_one_record_are_work_for_their_number_and_not_for_its_square(hand, lake):
    artifact, objects = hand.artifact(b"1")
    counts = []
    for number, many in enumerate((1000, 4000), 1):
        hand.version(*([artifact] * many), objects=objects, number=number)
        _, count = steps(lambda: (lake.log(), lake.load("fraud", "x")))
        counts.append(count)
    assert lake.load("fraud", "x") == 1
    assert counts[1] < 5 * counts[0]


def test_the_environment_of_the_process_is_not_touched(hand, lake, as_json):
    before = dict(os.environ)
    hand.version(message="${HOME} %PATH%")
    look_at(lake, as_json)
    assert dict(os.environ) == before
