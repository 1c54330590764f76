"""Snapshot: the whole namespace and notebook as one version."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mvlake.capture.catch import Catch
from mvlake.capture.destination import Destination
from mvlake.capture.files.gathering import gathered_files
from mvlake.capture.modules import ModuleShelf, surroundings
from mvlake.capture.namespace import is_data, is_users
from mvlake.capture.notebook_file import without_widgets
from mvlake.capture.params import params_of, params_of_models
from mvlake.capture.probes.environment import environment, imports_of
from mvlake.capture.probes.git import GitProbe
from mvlake.capture.probes.notebook import folder_of
from mvlake.capture.randomness.telling import with_seeds
from mvlake.capture.session import Session
from mvlake.capture.tracing import CellRan, traced
from mvlake.lake import clock
from mvlake.lake.keeping import keeping
from mvlake.lake.manner import Manner
from mvlake.lake.preserve import preserve_text
from mvlake.records.artifact import Omission, Role
from mvlake.records.draft import Draft
from mvlake.records.moment import to_text
from mvlake.records.version import Names, Origin

MAX_NOTEBOOK = 64 << 20


def snapshot(
    session: Session, destination: Destination, namespace: Mapping[str, Any], *, name: str, message: str, notebook: str
) -> Draft:
    """Return the draft of everything that there is now: every variable, every cell that ran, and the notebook's file."""
    started_at, started = to_text(clock.now()), clock.steady()
    git = GitProbe(folder_of(notebook)).start()
    catch = Catch(manner=Manner(version=name))
    catch.keep(keeping(destination.lake().policy().data, asked=None, environ=os.environ))
    names = sorted(one for one, value in list(namespace.items()) if type(one) is str and is_users(one) and is_data(value))
    for one in names:
        catch.take(Role.OUTPUT, one, namespace[one])
    if notebook:
        _take_file(catch, Path(notebook))
    catch.preserve(destination.lake())
    files = gathered_files(list(session.files.values()), None, project=session.project).preserve(destination.lake(), catch.keeping)
    state = git.collect()
    catch.wanted.extend(surroundings(session.modules, git, ModuleShelf())[1])
    ran = [CellRan(one.facts, one.bound) for one in session.executed]
    facts = tuple(one.facts for one in session.executed)
    params = {one.name: one for place, told in enumerate(facts) for one in params_of(told, facts[:place], namespace)}
    return Draft(
        name=name,
        parent=destination.parent_for(name),
        origin=Origin.SNAPSHOT,
        cells=with_seeds(session.cells, facts),
        names=Names(bound=tuple(names)),
        params=tuple(params.values()) + params_of_models({name: one.settings for name, one in catch.models().items()}),
        metrics=(),
        artifacts=(*catch.artifacts, *files.artifacts),
        omitted=(*catch.omitted, *files.omitted),
        files=files.uses,
        folder=session.folder,
        described=traced(catch.described, ran, tracked=False),
        environment=environment(),
        git=state,
        imports=imports_of(facts),
        notebook=notebook,
        started_at=started_at,
        duration=clock.steady() - started,
        message=message,
        past=session.past.blocks(),
    )


def _take_file(catch: Catch, path: Path) -> None:
    """Take the notebook as it was last saved; what is on the screen and not saved, only the front end has."""
    try:
        if path.stat().st_size > MAX_NOTEBOOK:
            raise ValueError(f"larger than {MAX_NOTEBOOK >> 20} MB")
        catch.add(preserve_text(Role.FILE, path.name, without_widgets(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError) as error:
        catch.add(Omission(path.name, "notebook file", str(error)))
