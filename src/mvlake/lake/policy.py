"""Policy file: what a lake's `policy.toml` says, read anew whenever a version is made, so that an edit counts at once.

A table that is not known is passed over: a later mvlake may know it. A setting that is not known in a known table is refused: it
may be a misspelt one, and what somebody wanted to keep out of a lake would go into it.
"""

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from mvlake.errors import Invalid
from mvlake.lake import variables
from mvlake.records.column_rule import ColumnAction, ColumnRule, column_rule, read_column_rules
from mvlake.records.policy import DataPolicy, Keep, Policy, RedactionPolicy, RuleText
from mvlake.redaction.rule import Rule
from mvlake.store.contract import Store
from mvlake.store.keys import POLICY

W = TypeVar("W", bound=StrEnum)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-f]{8}")
_LONGEST_PATTERN = 300
_REPEATED = re.compile(r"\)[*+{]")
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def read_policy(store: Store) -> Policy:
    """Return the policy of the lake in a store, the default where it has none; Invalid where its file says what nobody can mean."""
    return parse_policy(store.get(POLICY) or b"")


@lru_cache(maxsize=8)
def parse_policy(data: bytes) -> Policy:
    r"""Return the policy that a file's bytes say.

    >>> parse_policy(b'[data]\nkeep = "profile"\nceiling = "2 GB"').data
    DataPolicy(keep=<Keep.PROFILE: 'profile'>, ceiling=2000000000, file_ceiling=256000000)
    """
    document = policy_document(data)
    return Policy(
        data=_data(PolicyTable(document, "data")),
        redaction=read_redaction(PolicyTable(document, "redaction")),
        columns=tuple(_columns(PolicyTable(document, "columns"))),
    )


def policy_document(data: bytes) -> Mapping[str, Any]:
    """Return the tables that a file's bytes hold; Invalid where they are no TOML."""
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Invalid(f"policy.toml is no TOML: {error}", hint="mend it, or remove it for the default policy") from error


def _data(table: "PolicyTable") -> DataPolicy:
    default = DataPolicy()
    table.check("keep", "ceiling", "file_ceiling")
    return DataPolicy(
        keep=table.word("keep", default.keep),
        ceiling=table.size("ceiling", default.ceiling),
        file_ceiling=table.size("file_ceiling", default.file_ceiling),
    )


def _columns(table: "PolicyTable") -> Iterator[ColumnRule]:
    table.check(*ColumnAction, "names")
    for version, inner in [("*", table), *table.named()]:
        if inner is not table:
            inner.check(*ColumnAction)
        for action in ColumnAction:
            for pattern in inner.texts(action):
                yield column_rule(action, pattern, version, said_by="policy.toml: [columns]")


def wanted_columns(environ: Mapping[str, str]) -> tuple[ColumnRule, ...]:
    """Return the rules that `MVLAKE_COLUMNS` says; Invalid for what nobody can mean."""
    return read_column_rules(environ.get(variables.COLUMNS, ""), said_by=variables.COLUMNS)


def read_redaction(table: "PolicyTable") -> RedactionPolicy:
    """Return what the table says of secrets; Invalid for a rule that cannot be used, or may take for ever."""
    table.check("allow", "rules")
    allow = table.texts("allow")
    for one in allow:
        if not _HASH.fullmatch(one):
            raise Invalid(f'policy.toml: [redaction] allow has "{one[:40]}"', hint="the eight digits at the end of a mark")
    return RedactionPolicy(tuple(_rule(key, inner) for key, inner in table.tables("rules")), frozenset(allow))


def _rule(name: str, table: "PolicyTable") -> RuleText:
    table.check("starts", "pattern")
    rule = RuleText(name, table.texts("starts"), table.text("pattern"))
    if len(rule.pattern) > _LONGEST_PATTERN or _REPEATED.search(rule.pattern):
        raise Invalid(
            f'policy.toml: rule "{name[:40]}" may take for ever on some texts',
            hint=f"a pattern of up to {_LONGEST_PATTERN} characters that repeats no group",
        )
    try:
        compiled(rule)
    except ValueError as error:
        raise Invalid(f"policy.toml: {error}", hint='starts = ["ACME-"], pattern = "ACME-[0-9a-f]{32}"') from error
    return rule


def compiled(rule: RuleText) -> Rule:
    """Return a lake's own rule as one that finds: anywhere in a text, for nobody knows what stands around."""
    return Rule(rule.id, rule.starts, rule.pattern, since="", source=POLICY, is_anywhere=True)


def wanted_allowance(environ: Mapping[str, str]) -> frozenset[str]:
    """Return the hashes and rules that `MVLAKE_ALLOW` lets pass."""
    return frozenset(environ.get(variables.ALLOW, "").replace(",", " ").split())


def wanted_keep(environ: Mapping[str, str]) -> Keep | None:
    """Return what `MVLAKE_DATA` asks for, None when it asks for nothing."""
    said = environ.get(variables.DATA, "")
    try:
        return Keep(said.strip().lower()) if said.strip() else None
    except ValueError:
        raise Invalid(f'{variables.DATA}="{said[:40]}"', hint=f"{variables.DATA} is one of {', '.join(Keep)}") from None


def wanted_ceiling(environ: Mapping[str, str]) -> int | None:
    """Return the bytes that `MVLAKE_CEILING` says, None when it says none."""
    said = environ.get(variables.CEILING, "").strip()
    return read_size(said, what=variables.CEILING) if said else None


def read_size(text: str, *, what: str) -> int:
    """Return the bytes that a text says; Invalid when it says none.

    >>> read_size("1.5 GB", what="ceiling"), read_size("300", what="ceiling")
    (1500000000, 300)
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise Invalid(f'{what} = "{text[:40]}" is no size', hint='"500 MB", "2 GB" or a number of bytes')
    return int(float(match[1]) * _UNITS[match[2].upper()])


class PolicyTable:
    """One table of the file, whose settings are asked for by name and type; Invalid for a value of another type."""

    def __init__(self, document: Mapping[str, Any], name: str) -> None:
        found = document.get(name, {})
        if type(found) is not dict:
            raise Invalid(f"policy.toml: {name} is no table", hint=f"[{name}] on a line of its own begins one")
        self._name, self._found = name, found

    def check(self, *known: str) -> None:
        """Refuse a setting that is none of these."""
        strange = sorted(set(self._found) - set(known))
        if strange:
            raise Invalid(
                f'policy.toml: [{self._name}] has no setting "{strange[0][:40]}"', hint=f"its settings are {', '.join(known)}"
            )

    def word(self, name: str, default: W) -> W:
        """Return one of the words of the default's enumeration."""
        said = self._found.get(name, default.value)
        kind = type(default)
        try:
            return kind(said)
        except ValueError:
            raise self._wrong(name, said, f"one of {', '.join(kind)}") from None

    def size(self, name: str, default: int) -> int:
        """Return a number of bytes: a whole number, or a text such as "2 GB"."""
        said = self._found.get(name, default)
        if type(said) is str:
            return read_size(said, what=f"policy.toml: [{self._name}] {name}")
        if type(said) is not int or said < 0:
            raise self._wrong(name, said, '"500 MB", "2 GB" or a number of bytes')
        return said

    def tables(self, name: str) -> Iterator[tuple[str, "PolicyTable"]]:
        """Yield the tables within a setting, by their names."""
        found = self._found.get(name, {})
        if type(found) is not dict:
            raise self._wrong(name, found, f"tables: [{self._name}.{name}.SOMETHING]")
        yield from self.table(name).each()

    def named(self) -> Iterator[tuple[str, "PolicyTable"]]:
        """Yield the tables within `names`, by the patterns that names of versions are to fit."""
        for pattern, inner in self.tables("names"):
            if not pattern.strip() or len(pattern) > _LONGEST_PATTERN or not pattern.isprintable():
                reason = f"policy.toml: [{self._name}.names] has the pattern {pattern[:40]!a}"
                raise Invalid(reason, hint="fraud-* fits names of versions")
            yield pattern, inner

    def table(self, name: str) -> "PolicyTable":
        """Return the table within a setting, an empty one where there is none."""
        inner = PolicyTable(self._found, name)
        inner._name = f"{self._name}.{name}"
        return inner

    def each(self) -> Iterator[tuple[str, "PolicyTable"]]:
        """Yield the tables that are this one's settings, by their names."""
        for key in self._found:
            inner = PolicyTable(self._found, key)
            inner._name = f"{self._name}.{key[:40]}"
            yield key, inner

    def text(self, name: str) -> str:
        """Return a text that must be there."""
        said = self._found.get(name)
        if type(said) is not str:
            raise self._wrong(name, said, '"a text"')
        return said

    def number(self, name: str) -> float:
        """Return a number that must be there; an integer beyond the floats is infinite."""
        said: Any = self._found.get(name)
        if type(said) not in (int, float):
            raise self._wrong(name, said, "a number such as 1e-6")
        try:
            return float(said)
        except OverflowError:
            return math.inf

    def names(self) -> tuple[str, ...]:
        """Return the names of its settings."""
        return tuple(self._found)

    def said(self, name: str) -> bool:
        """True where the setting is there."""
        return name in self._found

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        said = self._found.get(name, default)
        if type(said) is not bool:
            raise self._wrong(name, said, "true or false")
        return said

    def texts(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of texts."""
        said = self._found.get(name, list(default))
        if type(said) is not list or any(type(one) is not str for one in said):
            raise self._wrong(name, said, '["a list", "of texts"]')
        return tuple(said)

    def _wrong(self, name: str, said: object, wanted: str) -> Invalid:
        return Invalid(f"policy.toml: [{self._name}] {name} = {str(said)[:40]!r}", hint=f"{name} is {wanted}")
