"""Place: where a run stands in a program: the text and its file, the code that runs, and the line."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Self

from mvlake.capture.files.noise import is_noise


@dataclass(frozen=True, slots=True)
class Place:
    """`function` names one that is tracked whole; a `with` block has none."""

    source: str
    file: str = ""
    code: CodeType | None = None
    line: int = 0
    function: str = ""

    @classmethod
    def of(cls, frame: FrameType) -> Self:
        """Return the place that a frame has come to."""
        return cls(_source_of(frame.f_code), frame.f_code.co_filename, frame.f_code, frame.f_lineno)

    def at(self, frame: FrameType) -> "Place":
        """Return where a run begins that was made here, perhaps elsewhere in the program."""
        if frame.f_code.co_filename == self.file:
            return replace(self, code=frame.f_code, line=frame.f_lineno)
        return Place(self.source, self.file, frame.f_code)

    def of_function(self, function: Callable[..., Any]) -> "Place":
        """Return the place of a function that is tracked whole."""
        code = getattr(inspect.unwrap(function), "__code__", None) if inspect.isroutine(function) else None
        if type(code) is not CodeType or code.co_filename != self.file:
            return replace(self, code=None, line=0, function="<unknown>")
        return replace(self, code=code, line=code.co_firstlineno, function=code.co_name)

    @property
    def folder(self) -> str:
        """The folder of the program's file; where that is a library's, or none, the one in which the process is."""
        path = Path.cwd() / self.file
        is_programs = path.is_file() and not is_noise(str(path.parent / "file"))
        return str(path.parent if is_programs else Path.cwd())


def _source_of(code: CodeType) -> str:
    """Return the text of the file, or notebook cell, that code stands in."""
    try:
        return "".join(inspect.findsource(code)[0])
    except (OSError, TypeError):
        return ""
