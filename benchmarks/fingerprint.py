"""Fingerprint: how many bytes of a frame's content a core names in a second, whatever layout the memory has."""

import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from blake3 import blake3

from benchmarks.figure import Figure, p50
from benchmarks.scale import Scale
from mvlake.handlers.lookup import handler_for

GOAL = 2
COLUMNS = 8
GB = 1e9


def fingerprint(scale: Scale) -> list[Figure]:
    """Fingerprints of numbers and of Arrow strings in several layouts, against the raw speed of the hash and of other hashes of frames."""
    rows = scale.rows // 5
    numbers, texts = np.random.default_rng(1).random((rows, COLUMNS)), _texts(rows)
    size, letters = numbers.nbytes, texts.nbytes
    frame, series = _named(numbers.T.copy()), pd.DataFrame({"text": pd.Series(texts, dtype="str")})
    figures = _layouts("numbers", size, _number_layouts(numbers), frame, scale)
    figures += _layouts("Arrow strings", letters, _text_layouts(texts), series, scale)
    raw = _rate(lambda: blake3(memoryview(numbers).cast("B")).digest(), size, scale)
    return [
        *figures,
        Figure("for comparison: BLAKE3 of one buffer (a core)", raw, None, scale.repeats, "GB/s", is_rate=True),
    ]


def _named(columns: Any) -> pd.DataFrame:
    return pd.DataFrame({f"c{number}": column for number, column in enumerate(columns)}, copy=False)


def _texts(rows: int) -> pa.Array:
    return pa.array([f"customer {number * 7919 % 1_000_003:011}" for number in range(rows)])


def _number_layouts(numbers: np.ndarray) -> dict[str, Callable[[], Any]]:
    by_column = numbers.T.copy()
    arrow = pa.table({f"c{number}": column for number, column in enumerate(by_column)})
    wide = np.repeat(numbers, 2, axis=0)
    return {
        "pandas, a block by column": lambda: pd.DataFrame(
            by_column.T, columns=[f"c{number}" for number in range(COLUMNS)], copy=False
        ),
        "pandas, a block by row": lambda: pd.DataFrame(numbers, columns=[f"c{number}" for number in range(COLUMNS)], copy=False),
        "pandas, every other row of a block": lambda: _named(wide[::2].T),
        "Arrow": lambda: arrow.slice(0),
        "Arrow, many chunks": lambda: pa.concat_tables([arrow.slice(start, 10_000) for start in range(0, len(arrow), 10_000)]),
        "polars": lambda: _polars(arrow),
    }


def _text_layouts(texts: pa.Array) -> dict[str, Callable[[], Any]]:
    shifted = pa.concat_arrays([pa.array(["first"]), texts]).slice(1)
    chunks = pa.chunked_array([texts.slice(start, 10_000) for start in range(0, len(texts), 10_000)])
    layouts = {"small offsets": texts, "large offsets": texts.cast(pa.large_string()), "a slice": shifted, "many chunks": chunks}
    layouts["views"] = texts.cast(pa.string_view())
    pandas = {f"Arrow, {name}": (lambda held=held: pa.table({"text": held})) for name, held in layouts.items()}
    return {
        "pandas": lambda: pd.DataFrame({"text": pd.Series(texts, dtype="str")}),
        **pandas,
        "polars": lambda: _polars(pa.table({"text": texts})),
    }


def _polars(table: pa.Table) -> Any:
    import polars as pl

    return pl.from_arrow(table)


def _layouts(what: str, size: int, layouts: dict[str, Callable[[], Any]], frame: pd.DataFrame, scale: Scale) -> list[Figure]:
    peers = {"hash_pandas_object": _rate(lambda: pd.util.hash_pandas_object(frame), size, scale)}
    if find_spec("joblib"):
        import joblib

        peers["joblib.hash"] = _rate(lambda: joblib.hash(frame), size, scale)
    figures, digests = [], {}
    for name, make in layouts.items():
        obj = make()
        handler = handler_for(obj)
        rate = _rate(lambda: handler.fingerprint(obj), size, scale)  # noqa: B023 - called at once
        digests.setdefault((type(obj), str(getattr(obj, "schema", ""))), set()).add(handler.fingerprint(obj))
        figures.append(
            Figure(
                f"fingerprint of {what}: {name} (a core)",
                rate,
                GOAL,
                scale.repeats,
                "GB/s",
                is_rate=True,
                peers=peers,
            )
        )
    if any(len(found) > 1 for found in digests.values()):  # of one type: its schema is content too
        raise RuntimeError(f"{what}: equal content in two layouts has two fingerprints: {digests}")
    return figures


def _rate(work: Callable[[], object], size: int, scale: Scale) -> float:
    samples = []
    for _ in range(scale.repeats):
        started = time.process_time()
        work()
        samples.append(time.process_time() - started)
    return size / GB / max(p50(samples), 1e-9)
