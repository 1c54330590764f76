"""Live: what `--with` means in a kernel: a variable, by its name, else a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mvlake.errors import Invalid


def variable_or_file(word: str, namespace: Mapping[str, Any]) -> dict[str, Any] | str:
    """Return the variable by its name, or the path of the file there is; Invalid where there is neither."""
    if word in namespace:
        return {word: namespace[word]}
    if Path(word).expanduser().is_file():
        return word
    raise Invalid(f'no variable "{word[:40]}" in this kernel, nor a file', hint="--with df, or --with new.parquet")
