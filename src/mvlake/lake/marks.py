"""Marks: since when nothing reaches which file, in `index/collecting.json`. Derived: when it is lost, the grace begins anew."""

from collections.abc import Mapping
from datetime import UTC, datetime

from mvlake.errors import Damaged
from mvlake.records.canonical import canonical, parse
from mvlake.records.moment import to_text
from mvlake.store.contract import Store

KEY = "index/collecting.json"


class Marks:
    """Moments by key. What a file says that is no moment counts as not marked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since: dict[str, str] = {}
        try:
            said = parse(store.get(KEY) or b"{}")
            found = said.items() if isinstance(said, Mapping) else ()
        except (Damaged, ValueError):
            found = ()
        self._since = {key: at for key, at in found if isinstance(at, str) and moment_in(at) is not None}

    def since(self, key: str) -> datetime | None:
        """Return since when a file is marked, None when it is not."""
        at = self._since.get(key)
        return None if at is None else moment_in(at)

    def mark(self, key: str, now: datetime) -> None:
        """Mark a file now."""
        self._since[key] = to_text(now)

    def drop(self, key: str) -> None:
        """Take a mark off."""
        self._since.pop(key, None)

    def keep(self, keys: set[str]) -> None:
        """Take the marks off all other files."""
        self._since = {key: at for key, at in self._since.items() if key in keys}

    def write(self) -> None:
        """Write the marks down. Of two that collect at once, the later one's count: that only ever makes the grace longer."""
        self._store.put_hint(KEY, canonical(dict(self._since)))


def moment_in(text: str) -> datetime | None:
    """Return the moment in a text, None where there is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
