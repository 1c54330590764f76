"""Guard: keeps secrets out of one lake. Everything that is about to be written passes here before the first byte of it is."""

import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from secrets import token_bytes
from typing import Any

from mvlake.errors import Refused
from mvlake.handlers.screen import Screen
from mvlake.lake.clean_draft import WORDS, clean_artifacts, clean_cells, clean_rest
from mvlake.lake.credentials import own_secrets
from mvlake.lake.policy import compiled, read_policy, wanted_allowance, wanted_columns
from mvlake.lake.redaction_key import read_key
from mvlake.lake.screening import screened_draft
from mvlake.records.column_rule import ColumnRule, fits
from mvlake.records.digest import Digest
from mvlake.records.draft import Draft, DraftCell, FailedDraft
from mvlake.records.environment import Environment
from mvlake.records.kinds import Kinds
from mvlake.records.past import PastBlock
from mvlake.records.policy import RuleText
from mvlake.records.record import Body
from mvlake.records.redaction import Redaction
from mvlake.records.version import Version
from mvlake.redaction.known import Known, secrets_in
from mvlake.redaction.marker import KEY_SIZE
from mvlake.redaction.provider_rules import PROVIDER_RULES
from mvlake.redaction.redactor import Allowed, Redactor, Tally
from mvlake.redaction.rule import RuleSet
from mvlake.redaction.walk import LiveWalk, Walk, live_texts, texts_in
from mvlake.store.contract import Store

_MOST_BLOCKS = 1000
_MOST_CLEAN = 100_000
_LOOKED_INTO = Kinds(str, bytes, bytearray, dict, list, tuple, set, frozenset)


class Guard:
    """What is known to be secret here, and the rules of this lake. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = Known()
        self._key = b""
        self._lock = threading.Lock()
        self._environ: dict[Any, Any] = {}
        self._redactor: Redactor | None = None
        self._has_read_files = False
        self._clean_environment: tuple[Environment, int] | None = None
        self._clean: set[Digest] = set()
        self._known_then = 0
        self._columns: tuple[ColumnRule, ...] | None = None
        self._blocks: dict[PastBlock, tuple[int, PastBlock, tuple[Redaction, ...]]] = {}

    def beside(self, store: Store) -> "Guard":
        """Return a guard for another place that knows the same secrets. What it makes, a key too, is made there."""
        found = Guard(store)
        found._known = self._known
        return found

    def protect(self, values: Iterable[tuple[str, str]], sources: Iterable[str] = ()) -> None:
        """Learn values that are secret, each with its rule; what code holds; and what the environment holds now."""
        for rule, value in values:
            self._known.learn(rule, value, is_sure=True)
        redactor, texts = self._refreshed(), list(sources)
        if not redactor.is_clean(texts):
            self._learn(redactor, texts)

    def draft(self, draft: Draft) -> Draft:
        """Return a draft without secrets, and with the list of what was replaced; Refused when its very name holds one."""
        redactor, tally = self._refreshed(), Tally()
        self._check_words(redactor, draft)
        cells = self._cells(redactor, tally, draft.cells)
        rest = clean_rest(redactor, tally, draft)  # first: a parameter's name may call its value a secret
        if self._known_then != len(self._known) or len(self._clean) > _MOST_CLEAN:
            self._known_then = len(self._known)
            self._clean.clear()  # what is known by now may stand in them
        screen = self.screen(draft.name, draft.columns)
        found, hidden = (draft.artifacts, ()) if screen is None else screened_draft(draft.artifacts, screen)
        artifacts, omitted = clean_artifacts(redactor, tally, found, self._clean)
        past, of_past = self._past(redactor, draft.past)
        changed = replace(
            rest,
            cells=cells,
            artifacts=artifacts,
            environment=self._environment(redactor, tally, draft.environment),
            past=past,
        )
        replaced = (
            *draft.redacted,
            *(self._named(redactor, one) for artifact in artifacts for one in artifact.redacted),
            *tally.redactions(),
            *of_past,
        )
        return replace(changed, omitted=(*changed.omitted, *hidden, *omitted), redacted=tuple(dict.fromkeys(replaced)))

    def _named(self, redactor: Redactor, one: Redaction) -> Redaction:
        """Return what was replaced; the name of a column may itself hold a secret."""
        return replace(one, column=redactor.text(one.column, "", Tally())) if one.column else one

    def failed(self, draft: FailedDraft) -> FailedDraft:
        """Return the same for an execution that raised."""
        redactor, tally = self._refreshed(), Tally()
        self._check_words(redactor, draft)
        cells = self._cells(redactor, tally, draft.cells)
        changed = replace(clean_rest(redactor, tally, draft), cells=cells)
        return replace(changed, redacted=tally.redactions())

    def body(self, body: Body) -> Body:
        """Return what a record says, without secrets; Refused for a name, label or tag that holds one: no mark can stand there."""
        if isinstance(body, Version):
            return body  # a draft made it
        redactor = self._refreshed()
        self._check_words(redactor, body)
        return Walk(redactor, Tally(), "").record(body)

    def text(self, text: str) -> str:
        """Return a text that is to be written beside the lake, without secrets."""
        return self._refreshed().text(text, "", Tally())

    def live(self, place: str, obj: Any) -> tuple[Any, tuple[Redaction, ...]]:
        """Return a value of Python's own containers and texts without secrets, and what was replaced; anything else as it is."""
        if type(obj) not in _LOOKED_INTO:
            return obj, ()
        redactor, tally = (
            self._redactor if self._redactor is not None and self._environ == _environ() else self._refreshed(),
            Tally(),
        )
        if redactor.is_clean(live_texts(obj)):
            return obj, ()
        walk = LiveWalk(lambda text: redactor.text(text, place, tally), lambda text: redactor.named(text, place, tally))
        return walk.value(obj), tally.redactions()

    def screen(self, version: str, asked: tuple[ColumnRule, ...] = ()) -> Screen | None:
        """Return what hides columns in versions of a name ("": of any), where lake, user, or the cell that `asked` say so."""
        ours = self._columns if self._columns is not None else read_policy(self._store).columns
        rules = (*ours, *wanted_columns(os.environ), *asked)
        mine = [one for one in rules if not version or fits(version, one.version)]
        return Screen(mine, self.key) if mine else None

    def key(self) -> bytes:
        """Return the key of this lake's marks; made when it is first needed."""
        with self._lock:
            if not self._key:
                self._key = read_key(self._store)
            return self._key

    def _refreshed(self) -> Redactor:
        """Return what replaces secrets now: the environment may have changed, and so may the policy."""
        environ = _environ()
        if environ != self._environ:
            self._known.learn_all("environment", secrets_in(os.environ))
            self._environ = environ
        if not self._has_read_files:
            self._has_read_files = True
            self._known.learn_all("file", own_secrets(Path.home(), Path.cwd()))
        said = read_policy(self._store)
        policy, self._columns = said.redaction, said.columns
        allowed = Allowed(by_user=wanted_allowance(os.environ), by_lake=policy.allow)
        rules = (PROVIDER_RULES, _rules_of(policy.rules)) if policy.rules else (PROVIDER_RULES,)
        redactor = self._redactor = Redactor(rules, self._known, key=self.key, allowed=allowed)
        return redactor

    def _check_words(self, redactor: Redactor, said: Any) -> None:
        """Raise Refused for a word that holds a secret: a mark has signs that no name may have."""
        for field in WORDS:
            word = getattr(said, field, "")
            if type(word) is str and not redactor.is_clean([word]):
                raise Refused(f"the {field} holds a secret, and would be kept for ever", hint=f"choose another {field}")

    def _learn(self, redactor: Redactor, sources: Iterable[str]) -> None:
        for source in sources:
            redactor.learn(source)

    def _cells(self, redactor: Redactor, tally: Tally, cells: tuple[DraftCell, ...]) -> tuple[DraftCell, ...]:
        if redactor.is_clean(texts_in(cells)):
            return cells
        self._learn(redactor, [cell.source for cell in cells])
        return clean_cells(redactor, tally, cells)

    def _environment(self, redactor: Redactor, tally: Tally, environment: Environment) -> Environment:
        """Return an environment without secrets: hundreds of texts, and the same ones for all commits of a kernel."""
        if self._clean_environment is not None:
            seen, known = self._clean_environment
            if seen is environment and known == len(self._known):
                return environment
        if redactor.is_clean(texts_in(environment)):
            self._clean_environment = (environment, len(self._known))
            return environment
        return Walk(redactor, tally, "environment").record(environment)

    def _past(self, redactor: Redactor, blocks: tuple[PastBlock, ...]) -> tuple[tuple[PastBlock, ...], tuple[Redaction, ...]]:
        """Return the blocks of a session without secrets. Each is looked at once, and again when more is known."""
        found = []
        for block in blocks:
            seen = self._blocks.get(block)
            if seen is None or seen[0] != len(self._known):
                if len(self._blocks) >= _MOST_BLOCKS:
                    self._blocks.clear()
                tally, clean = Tally(), block
                if not redactor.is_clean(texts_in(block)):
                    self._learn(redactor, [cell.source for cell in block.cells])
                    clean = Walk(redactor, tally, "session").record(block)
                seen = self._blocks[block] = (len(self._known), clean, tally.redactions())
            found.append(seen)
        counts = Tally()
        for _, _, redactions in found:
            for one in redactions:
                counts.merge(one)
        return tuple(clean for _, clean, _ in found), counts.redactions()


def _environ() -> dict[Any, Any]:
    """Return a copy of the environment, in the form in which it takes least to tell whether it has changed."""
    data = getattr(os.environ, "_data", None)
    return dict(data) if type(data) is dict else dict(os.environ)


@lru_cache(maxsize=8)
def _rules_of(rules: tuple[RuleText, ...]) -> RuleSet:
    return RuleSet(compiled(rule) for rule in rules)


def scrubbed(text: str, environ: Mapping[str, str]) -> str:
    """Return a text for a file that belongs to no lake, such as the log of failures, without secrets."""
    known = Known()
    known.learn_all("environment", secrets_in(environ))
    key = token_bytes(KEY_SIZE)
    return Redactor([PROVIDER_RULES], known, key=lambda: key, allowed=Allowed()).text(text, "", Tally())
