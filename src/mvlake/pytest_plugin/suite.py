"""Suite: the versions that a run of pytest replays, added to what it has collected."""

from typing import Any

import pytest

from mvlake.errors import MvlakeError
from mvlake.lake.lake import Lake
from mvlake.pytest_plugin.items import ROOT, ReplayedVersion, Versions
from mvlake.records.events import Verdict

_LEVELS = tuple(verdict for verdict in Verdict if verdict.is_reproduced)
_SHARED = ("load", "worksteal")  # of xdist: the ways that give one by one to whoever is free


class Suite:
    """What the options say: the lake, which versions, and what passes."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._accept = _level(config.getoption("mvlake_accept") or config.getini("mvlake_accept"))

    def pytest_sessionstart(self) -> None:
        """Find the versions: what cannot be found is said before anything runs, and before xdist starts its workers."""
        try:
            self._lake = Lake.open(self._place(), create=False)
            self._found = [(ref, self._lake.show(ref)) for ref in self._refs(self._lake)]
        except MvlakeError as error:
            raise pytest.UsageError(f"mvlake: {error}") from None

    @pytest.hookimpl(tryfirst=True)  # whoever selects, sorts or marks items is to see these too
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add an item for each thing that will be judged. Nothing runs yet: what a version holds says what that is."""
        root = Versions.from_parent(session, name=ROOT, nodeid=ROOT)
        options = {"timeout": self._config.getoption("mvlake_timeout"), "trust": self._config.getoption("mvlake_trust")}
        for ref, shown in self._found:
            version = ReplayedVersion.from_parent(
                root, name=ref, lake=self._lake, shown=shown, accept=self._accept, options=options
            )
            items.extend(version.collect())

    def pytest_report_header(self) -> str:
        """Say what passes."""
        return f"mvlake: versions are replayed; {self._accept.value} or better passes"

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Return what gives all items of a version to one worker, for each would replay it."""
        if config.getoption("dist") not in _SHARED:
            return None
        from mvlake.pytest_plugin.scheduling import ByVersion  # xdist is there when it asks

        return ByVersion(config, log)

    def _place(self) -> str | None:
        return self._config.getoption("mvlake_lake") or self._config.getini("mvlake_lake") or None

    def _refs(self, lake: Lake) -> list[str]:
        """Return the refs to replay, each once; a label alone means every version that holds it."""
        said = [ref for word in self._config.getoption("mvlake_refs") for ref in word.replace(",", " ").split()]
        refs = said or [ref.strip() for ref in self._config.getini("mvlake_refs")]
        if not refs:
            raise pytest.UsageError(
                "mvlake: --mvlake replays versions, and none is named\n"
                'Hint: --mvlake-refs fraud-detector@production, or mvlake_refs = ["fraud-detector@production"] in the configuration'
            )
        return list(dict.fromkeys(one for ref in refs for one in _each(lake, ref)))


def _each(lake: Lake, ref: str) -> list[str]:
    if not ref.startswith("@"):
        return [ref]
    moves = [row.move for row in lake.labels().current if row.move.label == ref[1:] and row.move.to_number is not None]
    return [f"{move.name}{ref}" for move in moves] or [ref]


def _level(word: str) -> Verdict:
    if word not in list(_LEVELS):
        raise pytest.UsageError(f"mvlake: {word!r} is no verdict that can pass\nHint: --mvlake-accept {' | '.join(_LEVELS)}")
    return Verdict(word)
