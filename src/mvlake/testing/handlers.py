"""HandlerContract: what every handler must pass. Inherit it, give `handler` and `examples`, and the tests come along.

::

    class TestMyHandler(HandlerContract):
        handler = my_handler

        def examples(self):
            return [MyThing(1), MyThing(2)]
"""

# ruff: noqa: D102 - a test is named as a sentence

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from mvlake.errors import ProtocolTooNew
from mvlake.handlers.contract import Handler
from mvlake.handlers.lookup import handler_for, handler_named
from mvlake.records.digest import Digest
from mvlake.records.fields import from_fields, to_fields
from mvlake.records.node import Node, read_node
from mvlake.testing.shelf import MemoryShelf
from mvlake.testing.traps import Trap

_ELSEWHERE = """
import sys
from pathlib import Path
from mvlake.handlers.lookup import handler_named
for path in sys.argv[2:]:
    handler = handler_named(sys.argv[1])
    print(handler.fingerprint(handler.decode(Path(path).read_bytes(), protocol=handler.protocol)))
"""
_FLIPS = 24


class HandlerContract:
    """The tests. `survives_damage` is False for a handler whose library can kill the process over damaged bytes."""

    handler: ClassVar[Handler]
    survives_damage: ClassVar[bool] = True

    def examples(self) -> Iterable[Any]:
        """Return objects that the handler takes: usual, empty and odd ones."""
        raise NotImplementedError("a handler is tested with examples")

    def layouts(self) -> Iterable[tuple[Any, Any]]:
        """Return pairs of one content in two layouts: they must have one fingerprint."""
        return ()

    def different(self) -> Iterable[tuple[Any, Any]]:
        """Return pairs that look alike and are not: they must have two fingerprints."""
        return ()

    def mutations(self) -> Iterable[tuple[Any, Callable[[Any], object]]]:
        """Return objects, each with a function that changes it in place."""
        return ()

    def refused(self) -> Iterable[Any]:
        """Return relatives of the examples that the handler does not take."""
        return ()

    def equal(self, a: Any, b: Any) -> bool:
        """True when the two are the same to a user of the library."""
        return type(a) is type(b)

    def test_it_says_what_it_is(self) -> None:
        assert self.handler.name
        assert self.handler.name == self.handler.name.strip().lower()
        assert self.handler.protocol >= 1
        assert self.handler.suffix.startswith(".")
        assert self.handler.is_inert in (True, False)

    def test_it_is_found_by_its_name(self) -> None:
        assert handler_named(self.handler.name) is self.handler

    def test_it_is_found_for_its_examples(self) -> None:
        for example in self.examples():
            assert self.handler.matches(example)
            assert handler_for(example) is self.handler

    def test_it_takes_no_stranger_and_runs_none_of_its_code(self) -> None:
        trap = Trap()
        Trap.sprung(trap)
        assert not self.handler.matches(trap)
        assert not self.handler.matches(object())
        assert not self.handler.matches(Trap)
        assert Trap.sprung(trap) == []

    def test_what_it_refuses_it_refuses_with_a_reason(self) -> None:
        for relative in self.refused():
            assert not self.handler.matches(relative)
            assert self.handler.refusal(relative)

    def test_what_was_encoded_decodes_to_the_same(self) -> None:
        for example in self.examples():
            decoded = self.handler.decode(self.handler.encode(example), protocol=self.handler.protocol)
            assert self.handler.fingerprint(decoded) == self.handler.fingerprint(example), example
            assert self.equal(example, decoded), (example, decoded)

    def test_what_was_encoded_in_parts_decodes_to_the_same(self) -> None:
        for example in self.examples():
            shelf = MemoryShelf()
            made = self.handler.encode_parts(example, shelf)
            assert isinstance(made, Node) or not shelf.puts, "bytes stand alone"
            decoded = self.handler.decode_parts(made, shelf, protocol=self.handler.protocol)
            assert self.handler.fingerprint(decoded) == self.handler.fingerprint(example), example
            assert self.equal(example, decoded), (example, decoded)

    def test_the_same_object_is_the_same_bytes_and_the_same_parts(self) -> None:
        for example in self.examples():
            one, other = MemoryShelf(), MemoryShelf()
            made, again = self.handler.encode_parts(example, one), self.handler.encode_parts(example, other)
            assert isinstance(made, Node) == isinstance(again, Node)
            if isinstance(made, Node):
                assert made == again
                assert one.objects == other.objects

    def test_what_a_node_names_is_on_the_shelf(self) -> None:
        for example in self.examples():
            shelf = MemoryShelf()
            made = self.handler.encode_parts(example, shelf)
            todo = [made] if isinstance(made, Node) else []
            while todo:
                node = todo.pop()
                assert all(leaf in shelf.objects for leaf in node.leaves)
                todo += [read_node(shelf.objects[digest]) for digest in node.nodes]

    def test_looking_at_an_object_does_not_change_it(self) -> None:
        for example in self.examples():
            before = self.handler.fingerprint(example)
            self.handler.summarize(example)
            self.handler.encode(example)
            self.handler.is_same(self.handler.hold(example), example)
            self.handler.closeness(example, example)
            assert self.handler.fingerprint(example) == before

    def test_a_summary_is_a_record(self) -> None:
        for example in self.examples():
            summary = self.handler.summarize(example)
            assert from_fields(type(summary), to_fields(summary)) == summary

    def test_examining_is_fingerprint_and_summary(self) -> None:
        for example in self.examples():
            assert self.handler.examine(example) == (self.handler.fingerprint(example), self.handler.summarize(example))

    def test_a_fingerprint_is_the_same_in_another_process(self, tmp_path: Path) -> None:
        paths = []
        for position, example in enumerate(self.examples()):
            paths.append(tmp_path / str(position))
            paths[-1].write_bytes(self.handler.encode(example))
        environment = os.environ | {"PYTHONHASHSEED": "42"}
        command = [sys.executable, "-c", _ELSEWHERE, self.handler.name, *map(str, paths)]
        shown = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout  # noqa: S603
        assert shown.split() == [self.handler.fingerprint(example) for example in self.examples()]

    def test_equal_content_has_one_fingerprint_in_every_layout(self) -> None:
        for one, other in self.layouts():
            assert self.handler.fingerprint(one) == self.handler.fingerprint(other), (one, other)

    def test_different_content_has_different_fingerprints(self) -> None:
        for one, other in self.different():
            assert self.handler.fingerprint(one) != self.handler.fingerprint(other), (one, other)

    def test_no_two_examples_share_a_fingerprint(self) -> None:
        found = [self.handler.fingerprint(example) for example in self.examples()]
        assert len(set(found)) == len(found)

    def test_what_is_held_has_the_content_of_that_moment(self) -> None:
        for example in self.examples():
            assert self.handler.fingerprint(self.handler.hold(example)) == self.handler.fingerprint(example)

    def test_a_weight_is_a_number_of_bytes(self) -> None:
        for example in self.examples():
            weight = self.handler.weight(example)
            assert type(weight) is int
            assert weight >= 0

    def test_what_is_held_can_be_kept_like_the_object_itself(self) -> None:
        for example in filter(self.handler.weight, self.examples()):  # what has no weight is kept at once
            held = self.handler.hold(example)
            assert self.handler.matches(held)
            assert self.handler.examine(held) == self.handler.examine(example)

    def test_no_later_change_reaches_what_is_held(self) -> None:
        for example, mutate in self.mutations():
            before = self.handler.fingerprint(example)
            held = self.handler.hold(example)
            mutate(example)
            assert self.handler.fingerprint(held) == before
            assert self.handler.fingerprint(example) != before
            assert not self.handler.is_same(held, example)

    def test_an_object_is_as_close_to_itself_as_can_be(self) -> None:
        for example in self.examples():
            found = self.handler.closeness(example, example)
            assert (found.differing, found.max_abs, found.max_rel) == (0, 0.0, 0.0)

    def test_a_later_protocol_is_refused(self) -> None:
        for example in self.examples():
            with pytest.raises(ProtocolTooNew):
                self.handler.decode(self.handler.encode(example), protocol=self.handler.protocol + 1)

    def test_truncated_bytes_end_in_an_exception_or_in_other_content(self) -> None:
        for example in self.examples() if self.survives_damage else ():
            whole = self.handler.encode(example)
            for length in {0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 1} - {len(whole)}:
                self._decode_damaged(whole[:length])

    def test_flipped_bytes_end_in_an_exception_or_in_an_object(self) -> None:
        dice = random.Random(7)  # noqa: S311
        for example in self.examples() if self.survives_damage else ():
            whole = self.handler.encode(example)
            for _ in range(_FLIPS):
                damaged = bytearray(whole)
                damaged[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
                self._decode_damaged(bytes(damaged))

    def _decode_damaged(self, data: bytes) -> None:
        """Any Exception is an answer, for the store compares digests before; a crash or a BaseException is none."""
        try:
            found = self.handler.fingerprint(self.handler.decode(data, protocol=self.handler.protocol))
        except Exception:  # noqa: BLE001
            return
        assert type(found) is Digest
