"""Flights: what a changed frame costs to keep. `python -m benchmarks.flights` prints MB newly stored, and how fast, for each change.

The table is made up in the image of nycflights13: one row a flight in the order of time, 19 columns of numbers, text and moments,
842 MB in pandas at 5.05 million rows.
"""

import argparse
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from blake3 import blake3

from mvlake.handlers.pandas import handler
from mvlake.handlers.relatives import Relatives
from mvlake.records.digest import Digest
from mvlake.store.compression import compressed

ROWS = 5_050_000
_CARRIERS = np.array(["UA", "B6", "EV", "DL", "AA", "MQ", "US", "9E", "WN", "VX", "FL", "AS", "F9", "YV", "HA", "OO"], dtype=object)
_SHARE = np.array([587, 546, 542, 481, 327, 264, 205, 185, 123, 52, 33, 7, 7, 6, 3, 1], float)
_ORIGINS = np.array(["EWR", "JFK", "LGA"], dtype=object)
_PLANES, _PLACES = 4043, 105
_KIN = 1 << 33


def flights(rows: int = ROWS, seed: int = 13) -> pd.DataFrame:
    """Return the table."""
    dice = np.random.default_rng(seed)
    moment = np.sort(dice.integers(0, 15 * 365 * 24 * 60, rows))
    moment += 300 * ((moment // 60) % 24 < 5)  # nobody leaves at night
    scheduled = moment // 5 * 5
    when = pd.Series(np.datetime64("2010-01-01T00:00", "m") + scheduled)
    delay = np.round(dice.gamma(0.35, 40, rows) - 6)
    route = dice.zipf(1.3, rows) % _PLACES
    distance = dice.integers(90, 2600, _PLACES)[route]
    air = np.round(distance / 7.5 + dice.normal(15, 8, rows))
    late = delay + np.round(dice.normal(-5, 14, rows))
    lost = dice.random(rows) < 0.025
    places = np.array([f"{chr(65 + n % 26)}{chr(65 + n * 7 % 26)}{chr(65 + n * 3 % 26)}" for n in range(_PLACES)], dtype=object)
    planes = np.array(
        [f"N{number}{tail}" for number, tail in zip(range(101, 101 + _PLANES), "AUJDQ" * 900, strict=False)], dtype=object
    )
    arrival = scheduled + (air + 35).astype(np.int64)
    return pd.DataFrame(
        {
            "year": when.dt.year.astype("int64"),
            "month": when.dt.month.astype("int64"),
            "day": when.dt.day.astype("int64"),
            "dep_time": np.where(lost, np.nan, _clock(scheduled + delay)),
            "sched_dep_time": _clock(scheduled),
            "dep_delay": np.where(lost, np.nan, delay),
            "arr_time": np.where(lost, np.nan, _clock(arrival + late)),
            "sched_arr_time": _clock(arrival),
            "arr_delay": np.where(lost, np.nan, late),
            "carrier": _text(_CARRIERS, dice.choice(len(_CARRIERS), rows, p=_SHARE / _SHARE.sum())),
            "flight": dice.integers(1, 6200, rows),
            "tailnum": _text(planes, dice.integers(0, _PLANES, rows)),
            "origin": _text(_ORIGINS, dice.integers(0, 3, rows)),
            "dest": _text(places, route),
            "air_time": np.where(lost, np.nan, air),
            "distance": distance.astype("float64"),
            "hour": scheduled // 60 % 24,
            "minute": scheduled % 60,
            "time_hour": when.dt.floor("h").astype("datetime64[ns]"),
        }
    )


def _clock(minutes):
    whole = np.asarray(minutes, np.int64) % (24 * 60)
    return whole // 60 * 100 + whole % 60


def _text(words, codes):
    return pd.array(words, dtype="string[pyarrow]").take(codes)


def changes(rows: int, seed: int = 7) -> dict[str, Callable[[pd.DataFrame], pd.DataFrame]]:
    """Return what people do to a frame, each made of the frame as it was."""
    dice = np.random.default_rng(seed)
    one, at = rows // 100, rows // 3

    def append(frame: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([frame, flights(one, seed=99)], ignore_index=True)

    def cells(places: np.ndarray) -> Callable[[pd.DataFrame], pd.DataFrame]:
        def change(frame: pd.DataFrame) -> pd.DataFrame:
            column = frame["dep_delay"].to_numpy(copy=True)
            column[places] = np.nan_to_num(column[places]) + 1
            return frame.assign(dep_delay=column)

        return change

    def update(frame: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([frame[:at], flights(one, seed=99), frame[at + one :]], ignore_index=True)

    def add(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(speed=frame["distance"] / frame["air_time"] * 60)

    runs = (np.sort(dice.choice(rows - one, 20))[:, None] + np.arange(one // 20)).ravel()
    gone, few = dice.choice(rows, one, replace=False), dice.choice(rows, 100, replace=False)
    return {
        "nothing": lambda frame: frame,
        "append 1 %": append,
        "1 % of one column, scattered": cells(dice.choice(rows, one, replace=False)),
        "1 % of one column in 20 runs": cells(runs),
        "update 1 % of the rows, contiguous": update,
        "delete 1 % of the rows, contiguous": lambda frame: frame.drop(index=range(at, at + one)).reset_index(drop=True),
        "delete 1 % of the rows, scattered": lambda frame: frame.drop(index=gone).reset_index(drop=True),
        "delete 100 rows, scattered": lambda frame: frame.drop(index=few).reset_index(drop=True),
        "add a column": add,
        "drop a column": lambda frame: frame.drop(columns="tailnum"),
        "sort by tail number": lambda frame: frame.sort_values("tailnum", kind="stable", ignore_index=True),
    }


class _Counting:
    """A shelf that compresses like a pack, and counts what is new; it keeps what is needed to read again."""

    def __init__(self, before: "_Counting | None" = None, *, kin: int = 0) -> None:
        self.objects: dict[Digest, bytes] = dict(before.objects) if before else {}
        self.made: dict[Digest, Digest] = dict(before.made) if before else {}
        self.relatives = Relatives(limit=kin)
        self.new = 0
        self.count = 0
        self._lock = threading.Lock()

    def put(self, data: bytes, *, weight: int | None = None) -> Digest:  # noqa: ARG002
        digest = Digest.of_hash(blake3(data).digest())
        if digest not in self.objects:
            smaller = compressed(data)
            with self._lock:
                self.objects[digest] = data
                self.new += len(data if smaller is None else smaller)
                self.count += 1
        return digest

    def get(self, digest: Digest) -> bytes:
        return self.objects[digest]

    def recall(self, content: Digest) -> Digest | None:
        return self.made.get(content)

    def remember(self, content: Digest, node: Digest, size: int) -> None:  # noqa: ARG002
        self.made[content] = node


def _keep(shelf: _Counting, frame: pd.DataFrame) -> tuple[Any, str]:
    wall, cpu = time.perf_counter(), time.process_time()
    made = handler.encode_parts(frame, shelf)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return made, f"{shelf.new / 1e6:8.2f} {shelf.count:7} {wall:7.2f} {cpu:7.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    rows = parser.parse_args().rows
    frame = flights(rows)
    size = frame.memory_usage(deep=True).sum() / 1e6
    print(f"{rows:,} rows x {frame.shape[1]} columns, {size:.0f} MB in pandas")
    print(f"{'':<36} {'chunks alone':^32}   {'said by the frame before':^32}")
    head = f"{'MB new':>8} {'objects':>7} {'wall s':>7} {'CPU s':>7}"
    print(f"{'change':<36} {head}   {head}")
    first = _Counting()
    node, line = _keep(first, frame)
    print(f"{'(the first time)':<36} {line}", flush=True)
    for name, change in changes(rows).items():
        changed = change(frame)
        related = _Counting(first, kin=_KIN)
        handler.encode_parts(frame, related)
        print(f"{name:<36} {_keep(_Counting(first), changed)[1]}   {_keep(related, changed)[1]}", flush=True)
    wall, cpu = time.perf_counter(), time.process_time()
    back = handler.decode_parts(node, first, protocol=handler.protocol)
    print(f"{'(reading it again)':<36} {'':>16} {time.perf_counter() - wall:7.2f} {time.process_time() - cpu:7.2f}")
    assert handler.fingerprint(back) == handler.fingerprint(frame)


if __name__ == "__main__":
    main()
