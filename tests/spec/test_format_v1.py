import dataclasses
import re
import subprocess
import sys
import tomllib
import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path, PurePosixPath
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from mvlake.errors import Damaged
from mvlake.index.tables import TABLES
from mvlake.lake.commit import commit, record_attempt
from mvlake.lake.lake import Lake
from mvlake.lake.open import open_parts
from mvlake.lake.policy import parse_policy
from mvlake.records import (
    artifact,
    asked,
    departure,
    described,
    environment,
    events,
    facts,
    files,
    hint,
    lineage,
    plain,
    profile,
    randomness,
    redaction,
    summary,
    version,
)
from mvlake.records.artifact import DraftArtifact, Role
from mvlake.records.canonical import Json, canonical, parse
from mvlake.records.column_rule import ColumnAction
from mvlake.records.digest import Digest
from mvlake.records.draft import Draft, DraftCell, FailedDraft
from mvlake.records.environment import Author, Environment
from mvlake.records.events import Note
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.past import PastCell
from mvlake.records.plain import from_plain, to_plain
from mvlake.records.policy import Policy
from mvlake.records.profile import Profile
from mvlake.records.randomness import GeneratorState
from mvlake.records.record import BODY_KINDS, Record, read_record, record_bytes
from mvlake.records.summary import SUMMARY_KINDS, ValueSummary
from mvlake.records.version import Names, Origin
from mvlake.redaction.marker import Marker, keyed_hash
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.keys import HEAD_HINT, record_key
from mvlake.store.pack import entry_of, pack_bytes
from mvlake.store.seal import check_seal, seal

SPEC = (Path(__file__).parents[2] / "docs/spec/format-v1.md").read_text("utf-8")
MODULES = (
    *(artifact, asked, departure, described, environment, events, facts, files, hint, lineage, profile, randomness),
    *(redaction, summary, version),
)
WORDS = {
    name: value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, type) and value.__module__ == module.__name__
}
SCALARS = {int: "integer", float: "number", bool: "truth", Digest: "digest", Json: "plain"}
DEFAULTS = {"null": None, '`""`': "", "false": False, "none": (), "0": 0, "0.0": 0.0, "1": 1}
PYTHON = {
    kind.__name__: kind for kind in (datetime, date, time, timedelta, timezone, Decimal, Fraction, UUID, PurePosixPath, ZoneInfo)
}


def section(title):
    """Return the text below a heading, up to the next heading of its level or above."""
    level = title.split(" ")[0]
    begin = re.search(rf"^{re.escape(title)}$", SPEC, re.MULTILINE)
    assert begin, title
    end = re.search(rf"^#{{1,{len(level)}}} ", SPEC[begin.end() :], re.MULTILINE)
    return SPEC[begin.end() : begin.end() + end.start()] if end else SPEC[begin.end() :]


def tables(text):
    """Return every table in a text, as rows of cells without their heads."""
    found = []
    for block in re.findall(r"^\|.*?\n(?!\|)", f"{text}\n", re.MULTILINE | re.DOTALL):
        rows = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in block.strip().splitlines()]
        found.append(rows[2:])
    return found


def words(cell):
    """Return what stands between backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def fenced(kind):
    return re.search(rf"^```{kind}\n(.*?)^```$", SPEC, re.MULTILINE | re.DOTALL)[1]


def said(kind, field):
    """Return the words of the spec for a type."""
    if kind in SCALARS:
        return SCALARS[kind]
    if kind is str:
        return "moment" if field.endswith("_at") else "text"
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return f"{said(arguments[0], field)} or null"
    if typing.get_origin(kind) is tuple:
        return f"list of {said(arguments[0], field)}"
    if isinstance(typing.get_origin(kind), type) and issubclass(typing.get_origin(kind), Mapping):
        return f"map of {said(arguments[1], field)}"
    return f"`{kind.__name__}`"


def written_kinds():
    """Return every dataclass that can be reached from what is written: bodies, authors, environments, summaries."""
    found, todo = set(), [*BODY_KINDS.values(), *SUMMARY_KINDS.values(), Author, Environment, PastCell, GeneratorState, Profile]
    while todo:
        kind = todo.pop()
        if dataclasses.is_dataclass(kind) and kind not in found:
            found.add(kind)
            todo += [field.type for field in dataclasses.fields(kind)]
        elif kind is not Json:
            todo += typing.get_args(kind)
    return found


KINDS = sorted(written_kinds(), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_that_is_written_is_in_its_table(kind):
    rows = tables(section(f"#### {kind.__name__}"))[0]
    fields = dataclasses.fields(kind)
    assert [words(row[0])[0] for row in rows] == [field.name for field in fields]
    for (_, type_, absent, meaning), field in zip(rows, fields, strict=True):
        assert type_ == said(field.type, field.name), field.name
        assert meaning
        if absent == "-":
            assert field.default is dataclasses.MISSING
            assert field.default_factory is dataclasses.MISSING
        else:
            assert DEFAULTS[absent] == field.default, field.name
            assert type(DEFAULTS[absent]) is type(field.default), field.name


def test_no_table_of_fields_is_of_something_that_is_not_written():
    assert set(re.findall(r"^#### (\w+)$", SPEC, re.MULTILINE)) == {kind.__name__ for kind in KINDS} | {"Record"}


def test_the_fields_of_a_record_are_in_its_table():
    one = Record(1, digest_of(b""), "2026-03-03T14:00:00.000000Z", Author("a", "b"), Note("a", 1, "x"), packs=(digest_of(b"p"),))
    document = parse(seal(record_bytes(one)))
    rows = tables(section("#### Record"))[0]
    assert {words(row[0])[0] for row in rows} == set(document)
    assert max(document) == "sum"
    for field, _, absent, _ in rows:
        del_one = {key: value for key, value in document.items() if key not in (words(field)[0], "sum")}
        if absent == "-" and words(field)[0] != "sum":
            with pytest.raises(Damaged):
                read_record(canonical(del_one), 1)
        else:
            read_record(canonical(del_one), 1)


def test_every_kind_of_record_and_summary_is_listed():
    kinds = {words(row[0])[0]: words(row[1])[0] for row in tables(section("### Kinds"))[0]}
    assert kinds == {name: kind.__name__ for name, kind in BODY_KINDS.items()}
    summaries = {words(row[0])[0]: words(row[1])[0] for row in tables(section("### Summaries"))[0]}
    assert summaries == {name: kind.__name__ for name, kind in SUMMARY_KINDS.items()}


def test_every_member_of_every_enumeration_is_listed():
    listed = {words(row[0])[0]: words(row[1]) for row in tables(section("### Enumerations"))[0]}
    types_ = (field.type for one in KINDS for field in dataclasses.fields(one))
    used = {kind.__name__ for type_ in types_ for kind in (type_, *typing.get_args(type_)) if is_enum(kind)}
    assert set(listed) == used
    assert listed == {name: [str(member.value) for member in WORDS[name]] for name in listed}


def is_enum(kind):
    return isinstance(kind, type) and issubclass(kind, Enum)


def test_every_tag_of_a_plain_value_is_listed():
    assert {words(row[0])[0] for row in tables(section("## Plain values"))[0]} == set(plain._READERS)


def test_the_tables_of_the_index_are_named():
    listed = re.search(r"Parquet files of the tables (.*?), each", SPEC, re.DOTALL)[1]
    assert set(words(listed)) == {table.name for table in TABLES}


@pytest.mark.parametrize("row", tables(section("## Digests"))[0], ids=lambda row: row[0])
def test_the_digests_are_those_of_their_bytes(row):
    content = (words(row[0]) or [""])[0]
    assert digest_of(content.encode()) == words(row[1])[0]


@pytest.mark.parametrize("row", tables(section("## Canonical JSON"))[0], ids=lambda row: row[0])
def test_the_canonical_bytes_are_those_of_their_values(row):
    assert canonical(parse(words(row[0])[0].encode())) == words(row[1])[0].encode()


@pytest.mark.parametrize("row", tables(section("## Plain values"))[1], ids=lambda row: row[0])
def test_the_plain_values_are_those_of_their_python(row):
    value = eval(words(row[0])[0], PYTHON)
    assert canonical(to_plain(value)) == words(row[1])[0].encode()
    again = from_plain(parse(words(row[1])[0].encode()))
    assert (repr(again), type(again)) == (repr(value), type(value))


def test_the_record_is_the_one_that_its_fields_make():
    lake_id = re.search(r"with the id `([0-9a-f]{32})`", SPEC)[1]
    assert f"`{genesis(lake_id)}`" in section("#### Record")
    data = fenced("record").strip().encode()
    check_seal(data, 1)
    record = read_record(data, 1)
    assert record.prev == genesis(lake_id)
    assert seal(record_bytes(record)) == data
    assert f"which record 2 names as `prev`, is `{digest_of(data)}`" in SPEC
    assert len(data) - len(record_bytes(record)) == 77 - len("}")


def test_the_pack_is_the_one_that_its_objects_make():
    data = pack_bytes({digest_of(content): entry_of(content) for content in (b"mvlake", b"")})
    assert bytes.fromhex(fenced("pack").replace("\n", "")) == data
    assert f"Its name is `{digest_of(data)}`." in SPEC


def test_the_number_of_a_record_is_in_its_key():
    for seq in (42, 1234567):
        assert record_key(seq).removesuffix(".json") in section("## Layout")


# --- a real lake -------------------------------------------------------------------------------------------------


def draft(**changed):
    """Return the draft whose identity the spec shows."""
    environment = Environment("3.11", "CPython", "Linux", "x86_64", "", 2, {"numpy": "2.0"})
    parts = {
        "name": "fraud", "parent": None, "origin": Origin.CELL, "cells": (DraftCell("x = 1", 1, "", is_tracked=True),),
        "names": Names(), "params": (Param("lr", 0.5, ParamSource.LITERAL),),
        "metrics": (Metric("auc", to_plain(1.0), MetricSource.FUNCTION),),
        "artifacts": (content(Role.MODEL, "m"), content(Role.INPUT, "df"), content(Role.STREAM, "stdout")),
        "omitted": (), "environment": environment, "git": None, "notebook": "", "started_at": "2026-03-03T14:00:00.000000Z",
        "duration": 1.0,
    }  # fmt: skip
    return Draft(**parts | changed)


def content(role, name, data=b"mvlake"):
    digest = digest_of(data)
    return DraftArtifact(role, name, "plain", 1, digest, digest, len(data), ValueSummary("bytes", "", len(data)), data)


@pytest.fixture
def lake(tmp_path):
    parts = open_parts(tmp_path, create=True, clock=lambda: datetime(2026, 3, 3, 14, tzinfo=UTC))
    commit(parts, draft())
    commit(parts, draft())
    commit(parts, draft(artifacts=(content(Role.OUTPUT, "big", b"big" * (1 << 20)),)))
    record_attempt(parts, FailedDraft("fraud", (DraftCell("1/0"),), "ZeroDivisionError", "", "2026-03-03T14:00:00.000000Z", 0.1))
    parts.append(Note("fraud", 1, "a remark"))
    return parts


def verified(lake):
    """Return the exit code of the script in the spec, and what it said."""
    ran = subprocess.run([sys.executable, "-c", fenced("python"), lake.store.location], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def file_of(lake, key):
    return Path(lake.store.location) / key


def damage(path, position):
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def test_the_identity_of_the_spec_is_that_of_a_version(lake):
    data = fenced("identity").strip().encode()
    assert canonical(parse(data)) == data
    assert lake.ledger.entry("fraud", 1).version.identity == digest_of(data)
    assert f"whose digest is `{digest_of(data)}`" in SPEC
    assert [lake.log.read(seq)[0].kind for seq in range(1, 6)] == ["version", "confirmation", "version", "attempt", "note"]


def test_the_script_of_the_spec_is_short_and_finds_a_lake_whole(lake):
    assert len(fenced("python").strip().splitlines()) < 50
    code, output = verified(lake)
    assert code == 0, output
    assert output == f"whole: 5 records, head {lake.log.head_digest}\n"


def test_a_lake_holds_nothing_that_the_layout_does_not_name(lake):
    root = Path(lake.store.location)
    layout = fenced("")
    found = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    shapes = [
        r"log/\d{6}/\d{6}\.json", r"objects/[0-9a-f]{2}/[0-9a-f]{62}(\.pack)?", r"index/.+", r"lake\.toml", r"\.gitignore"
    ]  # fmt: skip
    assert all(any(re.fullmatch(shape, key) for shape in shapes) for key in found)
    for key in ("lake.toml", ".gitignore", "index/head.json"):
        assert key in found
        assert key in layout


def test_the_settings_of_a_lake_are_in_their_table(lake):
    settings = tomllib.loads(file_of(lake, "lake.toml").read_text("utf-8"))
    assert {*settings, "shared"} == {words(row[0])[0] for row in tables(section("## Layout"))[0]}
    assert re.fullmatch(r"[0-9a-f]{32}", settings["id"])
    assert settings["created_at"] == "2026-03-03T14:00:00.000000Z"


def test_the_settings_of_a_policy_are_in_their_table_with_their_defaults():
    written = {}
    for row in tables(section("## Layout"))[1]:
        table, name = words(row[0])[0].split(".")
        written.setdefault(table, []).append(f"{name} = {words(row[2])[0]}")
    text = "".join(f"[{table}]\n" + "\n".join(lines) + "\n" for table, lines in written.items())
    assert parse_policy(text.encode()) == Policy()
    settings = {
        f"{table.name}.{one.name}"
        for table in dataclasses.fields(Policy)
        if table.name != "columns"
        for one in dataclasses.fields(table.default_factory)
    } | {f"columns.{one}" for one in (*ColumnAction, "names")}
    assert settings == {words(row[0])[0] for row in tables(section("## Layout"))[1]}


DAMAGES = {
    "a bit of a record": lambda lake: damage(file_of(lake, record_key(3)), 20),
    "a bit of a seal": lambda lake: damage(file_of(lake, record_key(5)), -5),
    "a bit of a pack": lambda lake: damage(next(file_of(lake, "objects").rglob("*.pack")), 10),
    "a bit of a lone object": lambda lake: damage(max(file_of(lake, "objects").rglob("*"), key=lambda one: one.stat().st_size), 10),
    "a pack that is gone": lambda lake: next(file_of(lake, "objects").rglob("*.pack")).unlink(),
    "a record that is gone": lambda lake: file_of(lake, record_key(2)).unlink(),
    "a tail that is gone": lambda lake: file_of(lake, record_key(5)).unlink(),
    "two records swapped": lambda lake: swap(file_of(lake, record_key(1)), file_of(lake, record_key(2))),
    "another id": lambda lake: damage(file_of(lake, "lake.toml"), file_of(lake, "lake.toml").read_bytes().index(b'id = "') + 6),
}


def swap(one, other):
    third = one.with_name("third")
    one.rename(third)
    other.rename(one)
    third.rename(other)


def test_the_script_of_the_spec_misses_nothing_that_was_forgotten_and_collected(lake):
    user, before = Lake.open(lake.store.location), len(list(file_of(lake, "objects").rglob("*")))
    for entry in user.log():
        user.forget(entry.ref)
    for _ in range(4):
        user.gc(apply=True, grace="0", hasty=True)
    assert len(list(file_of(lake, "objects").rglob("*"))) < before
    code, output = verified(lake)
    assert code == 0, output


@pytest.mark.parametrize("name", DAMAGES)
def test_the_script_of_the_spec_finds(lake, name):
    DAMAGES[name](lake)
    code, output = verified(lake)
    assert code != 0, output
    assert "whole" not in output


def test_without_its_hint_a_lake_cannot_know_its_tail(lake):
    file_of(lake, record_key(5)).unlink()
    file_of(lake, HEAD_HINT).unlink()
    assert verified(lake)[0] == 0


def test_the_example_of_a_mark_is_what_the_code_makes_of_it():
    [row] = tables(section("## Redaction"))[0]
    secret, mark = words(row[0])[0], words(row[2])[0]
    assert str(Marker("named-value", keyed_hash(bytes(32), secret))) == mark
