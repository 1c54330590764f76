"""History: the objects of a session as its executed cells made, shared and changed them."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from mvlake.capture.cell_facts import BindingKind, CellFacts, FunctionFacts
from mvlake.capture.copies import sharing
from mvlake.capture.purity import is_constructor
from mvlake.capture.values import ARGUMENT

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Executed:
    """One executed cell: `bound` are the names that were seen to hold another object afterwards (or to appear).

    `restored` are names whose value came out of a lake in this cell, so that no code made it. `iterators` are names that held an
    iterator when the cell began: to read it may use it up.
    """

    position: int
    source: str
    facts: CellFacts
    bound: frozenset[str] = frozenset()
    restored: frozenset[str] = frozenset()
    failed: bool = False
    iterators: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Step:
    """One cell while it is being followed: what it needs, and what it may change, as objects."""

    needs: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    bound_by_calls: set[str] = field(default_factory=set)
    reads_files: set[str] = field(default_factory=set)
    writes_files: set[str] = field(default_factory=set)


class History:
    """The objects that global names held, numbered; objects that may share memory are in one group.

    A name that is surely bound anew gets a new object; what is only perhaps bound joins the group of what was there.
    `makers` are the cells that bound the objects (-1: none that ran here), `writers` those that may have changed them since,
    `before` tells of an object that was perhaps bound which one its name held until then.
    """

    def __init__(self) -> None:
        self.current: dict[str, int] = {}
        self.needs: list[frozenset[int]] = []
        self.writers: list[list[int]] = []
        self.makers: list[int] = []
        self.before: dict[int, int] = {}
        self.unseen: list[int] = []
        self.configuring: list[int] = []
        self._parents: list[int] = []
        self._code: dict[int, FunctionFacts] = {}
        self._carried: dict[int, set[int]] = {}
        self._classes: dict[int, FunctionFacts] = {}  # those of which some method changes things
        self._copies: list[tuple[int, int]] = []  # shallow copies, each with what it is one of
        self._modules: set[int] = set()
        self._foreign: set[int] = set()
        self._iterators: set[int] = set()  # reading them uses them up
        self._fixed: set[int] = set()  # numbers and text: nothing can change them in place
        self._files: dict[str, int] = {}  # what cells wrote into files, as objects, by path
        self._texts: dict[int, str] = {}  # names that hold a literal text may hold a path

    def copy(self) -> "History":
        """Return a history that goes on by itself."""
        twin = History()
        for name, value in vars(self).items():
            if type(value) is dict:
                own: Any = {key: set(one) if type(one) is set else one for key, one in value.items()}
            elif type(value) is list:
                own = [list(one) if type(one) is list else one for one in value]
            else:
                own = set(value)
            setattr(twin, name, own)
        return twin

    def group(self, thing: int) -> int:
        """Return the number that stands for everything that may share memory with this object."""
        parents = self._parents
        while parents[thing] != thing:
            parents[thing] = parents[parents[thing]]
            thing = parents[thing]
        return thing

    def follow(self, cell: Executed, *, is_target: bool = False) -> None:
        """Go through the next cell."""
        index, facts = len(self.needs), cell.facts
        if facts.is_command:
            self.needs.append(frozenset())
            for name in sorted(cell.bound | cell.restored):
                self.current[name] = self._new()
            return
        step = _Step()
        reads = facts.reads if is_target else facts.reads - facts.deferred_reads
        touched = facts.mutates_earlier | facts.calls | frozenset().union(*facts.lent.values(), facts.lent)
        touched |= frozenset().union(*(tokens for callee, tokens in facts.trusted.items() if self._breaks_trust(callee)))
        self._read(sorted(reads), touched, facts.functions, step)
        read = facts.reads_files | step.reads_files
        step.needs |= {thing for path in read if (thing := self._files.get(self._path(path))) is not None}
        if not is_target:
            self._change(facts, step)
            step.changed |= {thing for name in reads if (thing := self.current.get(name)) in self._iterators and thing is not None}
            step.changed |= {thing for name in cell.iterators if (thing := self.current.get(name)) is not None}
            if facts.runs_unseen_code or (not facts.is_analyzable and (cell.bound or not cell.failed)):
                self.unseen.append(index)
            if facts.configures and not cell.failed:
                self.configuring.append(index)
            for thing in step.changed - self._fixed:
                self.writers[thing].append(index)
            self._bind(cell, index, step)
            self._write(facts, step, index)
        self.needs.append(frozenset(step.needs))

    def _write(self, facts: CellFacts, step: _Step, index: int) -> None:
        """Note what a cell wrote into files, as a new object; one that may hold on to what was in the file before."""
        overwritten = {self._path(one) for one in facts.overwrites_files} - {self._path(one) for one in facts.reads_files}
        for path in sorted({self._path(one) for one in facts.writes_files | step.writes_files}):
            thing, old = self._new(), self._files.get(path)
            self.makers[thing] = index
            if old is not None and path not in overwritten:
                self.before[thing] = old
            self._files[path] = thing

    def _path(self, path: str) -> str:
        """Return a path, that of a name through the literal text that it holds."""
        thing = self.current.get(path[1:-1]) if path.startswith("<") else None
        return path if thing is None else self._texts.get(thing, path)

    def _new(self) -> int:
        self._parents.append(len(self._parents))
        self.writers.append([])
        self.makers.append(-1)
        return len(self._parents) - 1

    def _read(self, names: Iterable[str], touched: frozenset[str], fresh: Mapping[str, FunctionFacts], step: _Step) -> None:
        """Need the objects of names, and whatever the code of the functions among them reads when it runs.

        `fresh` are functions that the cell itself defines: an earlier function finds them under their names.
        """
        waiting = [(name, name in touched) for name in names]
        seen = set(waiting)
        while waiting:
            name, is_touched = waiting.pop()
            thing = self.current.get(name)
            ran = [fresh[name]] if name in fresh else []
            carried: list[FunctionFacts] = []
            if thing is not None:
                step.needs.add(thing)
                ran += [self._code[thing]] if thing in self._code else []
                carried = [self._code[one] for one in self._carried.get(self.group(thing), ())]
            for code in [*ran, *carried]:
                is_run = is_touched or any(code is one for one in ran)
                if is_run:
                    step.changed |= {self.current[one] for one in code.mutates if one in self.current}
                    step.changed |= {one for token in code.mutates if token.endswith("[]") for one in self._inside(token[:-2])}
                    step.changed |= {one for called in code.calls if (one := self._callable(called)) is not None}
                    step.changed |= {
                        one
                        for callee, tokens in code.trusted.items()
                        if self._breaks_trust(callee)
                        for token in tokens
                        if (one := self.current.get(token)) is not None
                    }
                    step.bound_by_calls |= code.binds
                    step.reads_files |= code.reads_files
                    step.writes_files |= code.writes_files
                    kept = {thing for called in code.calls if self._is_code(called) for thing in self._things(f"{called}()")}
                    if kept:
                        self._join_all(kept | {self.current[one] for one in code.mutates if one in self.current})
                more = [(one, is_run) for one in sorted(code.reads)]
                waiting += [one for one in more if one not in seen]
                seen.update(more)

    def _callable(self, name: str) -> int | None:
        """Return the object of a called name, if calling it may change it: neither a plain function nor imported."""
        thing = self.current.get(name)
        return None if thing is None or thing in self._code or thing in self._foreign else thing

    def _change(self, facts: CellFacts, step: _Step) -> None:
        changed = {thing for token in facts.mutates_earlier for thing in self._meant(token, facts)}
        kept = {self.current[name] for name in facts.patched if name in self.current}
        step.changed |= changed - (self._modules - kept)
        step.changed |= {thing for name in facts.calls if (thing := self._callable(name)) is not None}
        for callee, tokens in facts.lent.items():
            given = {thing for token in tokens if not token.startswith("+") for thing in self._meant(token, facts)}
            given -= self._modules | self._code.keys() | self._fixed
            changes = self._changes_arguments(callee, facts)
            if changes:
                step.changed |= given
            # What it changes may afterwards hold whatever else it was given; and it may keep all in globals of its own.
            kept = set(self._things(f"{callee}()")) if self._is_code(callee) else set()
            if changes or kept:
                self._join_all(given | kept)
        for callee, tokens in facts.trusted.items():
            if self._breaks_trust(callee):
                given = {thing for token in tokens if not token.startswith("+") for thing in self._things(token)}
                given -= self._modules | self._code.keys() | self._fixed
                step.changed |= given
                self._join_all(given)

    def _breaks_trust(self, callee: str) -> bool:
        """True when a function or class of the notebook has this name, or a class of it a method, and it changes things."""
        if callee.startswith("."):
            return any(callee[1:] in code.changing for code in self._classes.values())
        code = self._code.get(self.current.get(callee, -1))
        return code is not None and self._may_change_arguments(code)

    def _may_change_arguments(self, code: FunctionFacts, depth: int = 0) -> bool:
        if code.changes_arguments or depth > _DEEPEST:
            return True
        for callee, tokens in code.trusted.items():
            if ARGUMENT in tokens:
                if callee.startswith("."):
                    if self._breaks_trust(callee):
                        return True
                    continue
                inner = self._code.get(self.current.get(callee, -1))
                if inner is not None and inner is not code and self._may_change_arguments(inner, depth + 1):
                    return True
        return False

    def _is_code(self, name: str) -> bool:
        return self.current.get(name) in self._code

    def _join_all(self, things: set[int]) -> None:
        first, *rest = sorted(things - self._modules - self._fixed) or [-1]
        for one in rest:
            self._join(first, one)

    def _changes_arguments(self, callee: str, facts: CellFacts) -> bool:
        code = facts.functions.get(callee)
        thing = self.current.get(callee)
        if code is None and thing is not None and callee not in facts.surely_binds:
            code = self._code.get(thing)
        return not is_constructor(callee) if code is None else self._may_change_arguments(code)

    def _things(self, token: str) -> list[int]:
        """Return the objects that a token may stand for now; a fresh result stands for none."""
        if token.endswith("[]"):
            return self._inside(token[:-2])
        if not token.endswith("()"):
            thing = self.current.get(token.removeprefix("+"))
            return [] if thing is None else [thing]
        found: list[int] = []
        waiting, seen = [token[:-2]], {token[:-2]}
        while waiting:
            thing = self.current.get(waiting.pop())
            if thing is None or thing in self._foreign:
                continue
            code = self._code.get(thing)
            if code is None:
                found.append(thing)  # what a function shares; or a callable object, which may hand out itself
                continue
            more = sorted(code.shares - seen)  # a shared function stands for what it shares in turn
            seen.update(more)
            waiting += more
        return found

    def _inside(self, name: str) -> list[int]:
        """Return the objects that hold the same things as a name's does, being shallow copies of one another."""
        thing = self.current.get(name)
        return [] if thing is None or not self._copies else sharing(thing, self._copies, self.group)

    def _meant(self, token: str, facts: CellFacts) -> list[int]:
        return self._handed_out(token, facts, {}) if token.startswith(".") else self._things(token)

    def _handed_out(self, token: str, facts: CellFacts, older: Mapping[str, int | None]) -> list[int]:
        """Return what a method of the notebook's own may have handed out again, of what this cell gave to methods of that name."""
        method = token[1:-2]
        if not any(method in code.handing for code in self._code.values()):
            return []
        given = (older.get(one, self.current.get(one)) for one in facts.trusted.get(f".{method}", ()) if one.isidentifier())
        return [thing for thing in given if thing is not None]

    def _bind(self, cell: Executed, index: int, step: _Step) -> None:
        facts = cell.facts
        given = (one for tokens in facts.trusted.values() for one in tokens)
        older = {name: self.current.get(name) for name in {*chain.from_iterable((*facts.links, *facts.copies)), *given}}
        for name in sorted(facts.binds | cell.bound | facts.functions.keys() | step.bound_by_calls):
            old = self.current.get(name)
            is_seen = name in cell.bound
            is_sure = name in facts.surely_binds and (is_seen or (not cell.failed and _is_constant(name, facts)))
            if not is_sure and not is_seen and old is not None and name not in facts.functions:
                continue  # it still holds the object that it held
            if cell.failed and not is_seen and not name.startswith("<"):
                continue
            thing = self._new()
            self.makers[thing] = index
            if not is_sure and old is not None:
                self.before[thing] = old
                self._join(thing, old)
            self.current[name] = thing
            if is_sure:
                self._describe(name, thing, facts)
            else:
                self._describe_code(name, thing, facts)
        for first, second in sorted(facts.links):
            self._link(first, second, older, facts)
        for name, token in sorted(facts.copies):
            copy = self.current.get(name)
            origin = self.current.get(token[1:]) if token.startswith("+") else older[token]
            if copy is not None and origin is not None and origin not in self._fixed:
                self._copies.append((copy, origin))

    def _describe(self, name: str, thing: int, facts: CellFacts) -> None:
        binding = facts.bindings.get(name)
        if binding is not None and binding.kind is BindingKind.LITERAL and not isinstance(binding.literal, list | dict):
            self._fixed.add(thing)
            if isinstance(binding.literal, str) and binding.literal:
                self._texts[thing] = os.path.normpath(binding.literal)
        if binding is not None and (binding.is_iterator or self._is_generator(binding.function, facts)):
            self._iterators.add(thing)
        self._describe_code(name, thing, facts)

    def _is_generator(self, function: str, facts: CellFacts) -> bool:
        thing = self.current.get(function)
        code = facts.functions.get(function) or (None if thing is None else self._code.get(thing))
        return code is not None and code.is_generator

    def _describe_code(self, name: str, thing: int, facts: CellFacts) -> None:
        code = facts.functions.get(name)
        if code is not None:
            self._code[thing] = code
            if code.changing:
                self._classes[thing] = code
        elif name in facts.imports or (facts.has_star_import and name not in facts.binds):
            self._foreign.add(thing)
            if name in facts.modules:
                self._modules.add(thing)

    def _link(self, first: str, second: str, older: dict[str, int | None], facts: CellFacts) -> None:
        ends = []
        for token in (first, second):
            if token.startswith("."):
                ends.append(self._handed_out(token, facts, older))
            elif token.endswith(("()", "[]")) or token.startswith("+"):
                ends.append(self._things(token))
            else:
                thing = older.get(token)
                ends.append([] if thing is None else [thing])
        things = [thing for end in ends for thing in end if thing not in self._modules and thing not in self._fixed]
        for one in things[1:]:
            self._join(things[0], one)
        for token in (first, second):
            maker = self.current.get(token[:-2]) if token.endswith("()") else self.current.get(token.removeprefix("+"))
            if things and maker is not None and maker in self._code:
                self._carry(things[0], maker, is_result=token.endswith("()"))

    def _carry(self, thing: int, maker: int, *, is_result: bool) -> None:
        """Remember that an object may run the code of what made it."""
        codes = self._makers(maker) if is_result else {maker}
        if codes:
            self._carried.setdefault(self.group(thing), set()).update(codes)

    def _makers(self, maker: int) -> set[int]:
        waiting, seen = [maker], {maker}
        while waiting:
            for name in self._code[waiting.pop()].reads:
                thing = self.current.get(name)
                if thing is not None and thing in self._code and thing not in seen:
                    seen.add(thing)
                    waiting.append(thing)
        return {one for one in seen if self._code[one].makes_functions}

    def _join(self, first: int, second: int) -> None:
        first, second = self.group(first), self.group(second)
        if first == second:
            return
        if len(self._carried.get(first, ())) < len(self._carried.get(second, ())):
            first, second = second, first
        self._parents[second] = first
        carried = self._carried.pop(second, None)
        if carried:
            self._carried.setdefault(first, set()).update(carried)


def _is_constant(name: str, facts: CellFacts) -> bool:
    """True when binding the name again gives an equal object, so that it need not be seen to change."""
    binding = facts.bindings.get(name)
    if binding is None:
        return False
    return binding.kind is BindingKind.LITERAL or name in facts.functions or name in facts.imports
