"""Child: a native parser tried on bytes in a process of its own first, so that what crashes it crashes nobody else."""

import subprocess
import sys
from collections.abc import Sequence

_TIMEOUT = 30.0
_MEMORY = 4 << 30

# Runs before the parser: a bound on memory where the system has one, no core file of a crash.
_BOUNDS = f"""
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, ({_MEMORY}, {_MEMORY}))
except (ImportError, ValueError, OSError):
    pass
"""


class ParserFailed(ValueError):
    """The parser refused the bytes, crashed on them, or did not come to an end."""


def parse_in_child(program: str, data: bytes, *, timeout: float = _TIMEOUT, paths: Sequence[str] | None = None) -> None:
    """Run a Python program that reads the bytes from its standard input; ParserFailed unless it ends well in time.

    The program sees the import paths of this process, and writes to nobody.
    """
    search = [path for path in (sys.path if paths is None else paths) if path]
    source = f"{_BOUNDS}\nsys.path[:] = {search!r}\n{program}"
    # -I: no user site, no PYTHON* variables, nothing imported from the folder that the notebook stands in.
    command = [sys.executable, "-I", "-S", "-c", source]
    try:
        done = subprocess.run(command, input=data, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=timeout, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise ParserFailed(f"the parser did not come to an end in {timeout:g} s") from error
    if done.returncode < 0:
        raise ParserFailed(f"the parser crashed with signal {-done.returncode}")
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ParserFailed(f"the parser refused the bytes: {''.join(last)[:300]}")
