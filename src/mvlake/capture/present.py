"""Present: what the kernel and its notebook are at this moment, told so that it can be compared with a version. Nothing is kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from mvlake.capture.catch import Wanted
from mvlake.capture.cells_since import making, place_after, present_cells, unrun_cells
from mvlake.capture.modules import ModuleShelf, local_modules
from mvlake.capture.namespace import is_data, is_users
from mvlake.capture.patience import Patience
from mvlake.capture.present_facts import new_facts, present_metrics, present_params
from mvlake.capture.probes.environment import environment
from mvlake.capture.probes.git import GitProbe
from mvlake.capture.probes.notebook import folder_of
from mvlake.capture.session import Session
from mvlake.lake import clock
from mvlake.lake.backlog import Progress, Tell
from mvlake.lake.lake import Lake
from mvlake.lake.present import Present, recorded
from mvlake.lake.preserve import type_name
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.dossier import Dossier
from mvlake.records.draft import Draft
from mvlake.records.moment import to_text
from mvlake.records.summary import ModelSummary
from mvlake.records.version import Names, Origin, Version

_LARGE = 256 << 20  # bytes; what is less takes no time that anybody would want to be told of


def present(
    session: Session,
    lake: Lake,
    namespace: Mapping[str, Any],
    then: Dossier,
    *,
    notebook: str,
    patience: Patience,
    tell: Tell,
) -> Present:
    """Return what there is now of the variables, parameters, metrics, cells and modules of a version, and what came since."""
    version = then.version
    git = GitProbe(folder_of(notebook)).start()
    made = making(session, place_after(session, then))
    there = {name for name, value in list(namespace.items()) if type(name) is str and is_users(name) and is_data(value)}
    seen = {name for one in session.executed for name in (*one.bound, *one.restored)}
    is_built_on = session.parents.get(version.name) == version.number
    # What a version recorded, and this kernel has never had, has not vanished from it.
    gone = frozenset(name for name in _names_of(version) if name not in there and (name in seen or not is_built_on))
    artifacts = recorded(version)
    looks = _Looks(lake, version.name, namespace, patience, tell)
    found = looks.at([(one.role, name) for name, one in artifacts.items() if name in there])
    models = {one.name: one.summary for one in found if isinstance(one.summary, ModelSummary)}
    params, told_params = present_params(version.params, namespace, models, gone)
    metrics, told_metrics = present_metrics(version.metrics, namespace, gone)
    known = frozenset(_facts_of(version))
    new_params, new_metrics = new_facts(made, session.executed, namespace, known)
    said = {*(one.name for one in (*params, *new_params)), *(one.name for one in (*metrics, *new_metrics))}
    new = {name for one in made for name in one.bound - one.restored if name in there} - artifacts.keys() - said
    found += looks.at([(Role.OUTPUT, name) for name in sorted(new)])
    state = git.collect()
    draft = Draft(
        name=version.name,
        parent=version.number,
        origin=Origin.SNAPSHOT,
        cells=present_cells(session, then, made),
        names=Names(bound=tuple(sorted(there))),
        params=(*params, *new_params),
        metrics=(*metrics, *new_metrics),
        artifacts=(*found, *_modules(session, git)),
        omitted=(),
        environment=environment(),
        git=state,
        imports=version.imports,
        notebook=notebook,
        started_at=to_text(clock.now()),
        duration=0.0,
    )
    variables = frozenset(name for name in artifacts if name in {one.name for one in found} or name in gone)
    unrun = unrun_cells(session, then, notebook)
    return Present(draft, variables, told_params, told_metrics, unrun, tuple(looks.unknown))


def _names_of(version: Version) -> Iterable[str]:
    facts = (fact.partition(".")[0] for fact in _facts_of(version))
    told = {*version.names.read, *version.names.bound, *version.names.mutated}
    return {name for name in (*recorded(version), *facts) if name in told}


def _facts_of(version: Version) -> list[str]:
    return [*(one.name for one in version.params), *(one.name for one in version.metrics)]


class _Looks:
    """Looks at variables, one after another; what cannot be told of one is said, and costs no other."""

    def __init__(self, lake: Lake, version: str, namespace: Mapping[str, Any], patience: Patience, tell: Tell) -> None:
        self._lake, self._version, self._namespace = lake, version, namespace
        self._patience, self._tell = patience, tell
        self.unknown: list[str] = []

    def at(self, wanted: list[tuple[Role, str]]) -> list[DraftArtifact]:
        """Return what these variables hold."""
        found, done = list[DraftArtifact](), 0
        weights = [Wanted(role, name, self._namespace[name], is_held=False).weight for role, name in wanted]
        for (role, name), weight in zip(wanted, weights, strict=True):
            if sum(weights) >= _LARGE:
                self._tell(Progress(name, 0, done, sum(weights), what="looking at"))
            made = self._look(role, name)
            done += weight
            if isinstance(made, DraftArtifact):
                found.append(made)
            else:
                self.unknown.append(f"{name}, of {made.type}, could not be compared: {made.reason}")
        if done >= _LARGE:
            self._tell(Progress("", 0, done, done, is_over=True))
        return found

    def _look(self, role: Role, name: str) -> DraftArtifact | Omission:
        value = self._namespace[name]

        def give_up(reason: str) -> DraftArtifact | Omission:
            return Omission(name, type_name(value), reason)

        return self._patience.attempt(value, lambda: self._lake.look(role, name, value, self._version), give_up)


def _modules(session: Session, git: GitProbe) -> list[DraftArtifact]:
    """Return the local modules as their files are now: what the next kernel would import."""
    modules = local_modules(session.modules.sources_on_disk(), git.standing(), git.folder)
    return [one for one in ModuleShelf().kept(modules) if isinstance(one, DraftArtifact)]
