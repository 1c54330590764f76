"""Patience: whatever goes wrong with one object costs that object alone, and its class is passed over after three times.

Python's own classes never are: what goes wrong with a list is the matter of what is in it, or of a module that the user patched.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from mvlake.errors import MvlakeError
from mvlake.lake.backlog import Cancelled
from mvlake.lake.preserve import type_name

T = TypeVar("T")
THREE = 3


class Patience:
    """What went wrong with the objects of each class so far, in one session. `note` hears of every time."""

    def __init__(self, note: Callable[[BaseException], None] = lambda _: None) -> None:
        self._note = note
        self._failures: Counter[str] = Counter()

    def attempt(self, obj: Any, call: Callable[[], T], otherwise: Callable[[str], T]) -> T:
        """Return what a call makes of an object; what `otherwise` makes of the reason when it raises what it should not.

        An interrupt goes on, and so does what is wrong with the lake, or with what was asked: that is not the object's.
        """
        name = type_name(obj)
        if self._failures[name] >= THREE:
            return otherwise(f"objects of its class are passed over in this session: {THREE} of them could not be captured")
        try:
            return call()
        except (KeyboardInterrupt, Cancelled, MvlakeError):
            raise
        except BaseException as error:  # noqa: BLE001 - a library, or the object's own code, may raise anything at all
            self._failures[name] += "." in name  # a class of Python's own has a name alone
            self._note(error)
            return otherwise(f"capturing it raised {type(error).__name__}")
