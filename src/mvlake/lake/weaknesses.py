"""Weaknesses: releases of libraries with published advisories that matter to whoever loads what others have made.

Versions of a library below `fixed_in` have the weakness. Append-only; `doctor` says which of them are installed.
"""

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version


@dataclass(frozen=True, slots=True)
class Weakness:
    """An advisory, or several: what somebody else's file or page can do."""

    library: str
    fixed_in: str
    advisories: tuple[str, ...]
    what: str


WEAKNESSES = (
    Weakness("torch", "2.10", ("CVE-2025-32434", "CVE-2026-24747"), "a weights file can run code or damage memory"),
    Weakness("keras", "3.13.2", ("CVE-2025-1550", "CVE-2025-8747", "CVE-2026-1462"), "a model file can run code in safe mode"),
    Weakness("transformers", "5.3", ("CVE-2026-1839", "CVE-2026-4372"), "a model's settings can run code"),
    Weakness("onnx", "1.21", ("CVE-2026-27489", "GHSA-cmw6-hcpp-c6jp"), "a model file can read other files"),
    Weakness("skops", "0.16", ("CVE-2025-54886",), "a model file can run code unasked"),
    Weakness("pyarrow", "14.0.1", ("CVE-2023-47248",), "a table's file can run code"),
    Weakness("jupyterlab", "4.5.7", ("CVE-2026-42557",), "an output can run code when it is clicked"),
    Weakness("jupyterlab", "4.6.2", ("CVE-2026-73415", "CVE-2026-73417"), "a picture or a settings file can script the page"),
    Weakness("jupyter_server", "2.20", ("CVE-2026-44727",), "a notebook that is shown can script the page"),
)

_RELEASE = re.compile(r"(\d+(?:\.\d+)*)(a|b|rc|\.dev)?")


def installed(library: str) -> str | None:
    """Return the installed version of a library, without importing it; None when it is not installed."""
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def is_below(found: str, wanted: str) -> bool:
    """True when a version comes before another. What cannot be read as a version does.

    >>> is_below("2.9.1+cpu", "2.10"), is_below("2.10.0", "2.10"), is_below("2.10rc1", "2.10")
    (True, False, True)
    """
    here, there = _RELEASE.match(found), _RELEASE.match(wanted)
    if here is None or there is None:
        return True
    one, other = ([int(part) for part in match[1].split(".")] for match in (here, there))
    length = max(len(one), len(other))
    a, b = (numbers + [0] * (length - len(numbers)) for numbers in (one, other))
    return a < b or (a == b and here[2] is not None)
