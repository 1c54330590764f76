"""LightGBM text: the model format read line by line, before the native parser, which believes every number in it, sees it.

Checked: that each array is as long as the tree says, that children, features and categories exist and lead downwards, that tree
sizes are true, and that the objective's classes are the model's. What passes is what LightGBM writes; anything else is refused.
"""

import re
from typing import Any, TypeAlias

import numpy as np

Integers: TypeAlias = Any  # one-dimensional array of int64

_FLOAT = rb"-?(?:\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|inf|nan)"
_FLOATS = re.compile(rb"(?:%s(?: %s)*)?" % (_FLOAT, _FLOAT))
_INTEGERS = re.compile(rb"(?:-?\d{1,19}(?: -?\d{1,19})*)?")
# What follows the trees. Without its parameters a text is parsed, and then kills the process that asks for them.
_TAIL = re.compile(
    rb"end of trees\n\nfeature_importances:\n(?:[^\n]+=\d+\n)*"
    rb"\nparameters:\n(?:\[[a-z0-9_]+: [^\n]*\]\n)+\nend of parameters\n"
    rb"(?:\npandas_categorical:[^\n]*\n?)?"
)
_MOST = 1 << 24  # classes, features, leaves of a tree: more is no model

_PER_SPLIT_FLOATS = (b"split_gain", b"threshold", b"internal_value", b"internal_weight")
_PER_SPLIT_INTEGERS = (b"split_feature", b"decision_type", b"left_child", b"right_child", b"internal_count")
_PER_LEAF_FLOATS = (b"leaf_value", b"leaf_weight", b"leaf_const")
_LINEAR = frozenset({b"leaf_const", b"num_features", b"leaf_features", b"leaf_coeff"})
_CATEGORICAL = frozenset({b"cat_boundaries", b"cat_threshold"})
_ALWAYS = frozenset(
    {b"Tree", b"num_leaves", b"num_cat", b"leaf_value", b"leaf_weight", b"leaf_count", b"is_linear", b"shrinkage"}
    | {*_PER_SPLIT_FLOATS, *_PER_SPLIT_INTEGERS}
)
_HEADER = frozenset(
    {b"version", b"num_class", b"num_tree_per_iteration", b"label_index", b"max_feature_idx", b"objective"}
    | {b"feature_names", b"feature_infos", b"monotone_constraints", b"tree", b"average_output"}
)


class BadModel(ValueError):
    """A text that LightGBM did not write."""


def check_model(data: bytes) -> None:
    """Raise BadModel when the native parser would be led astray."""
    if b"\0" in data or b"\r" in data:
        raise BadModel("not a text of lines")
    head, mark, rest = data.partition(b"\ntree_sizes=")
    sizes_line, _, body = rest.partition(b"\n\n")
    if not mark or not head.startswith(b"tree\nversion=v"):
        raise BadModel("no header")
    fields = _fields(head)
    width = _number(fields, b"max_feature_idx") + 1
    stride, classes = _number(fields, b"num_tree_per_iteration"), _number(fields, b"num_class")
    _check_header(fields, width, stride, classes)
    sizes = _integers(sizes_line)
    if len(sizes) % stride or (sizes < 0).any():
        raise BadModel("trees are missing")
    start = 0
    for number, size in enumerate(sizes.tolist()):
        block = body[start : start + size]
        if not block.startswith(b"Tree=%d\n" % number) or not block.endswith(b"\n"):
            raise BadModel(f"tree {number} does not stand where it should")
        _check_tree(_fields(block), width)
        start += size
    if not _TAIL.fullmatch(body, start):
        raise BadModel("no end, or more trees than it says")


def _check_header(fields: dict[bytes, bytes], width: int, stride: int, classes: int) -> None:
    if not fields.keys() <= _HEADER:
        raise BadModel("a header with other parts")
    if not 1 <= width <= _MOST or not 1 <= stride <= _MOST or not 1 <= classes <= _MOST or stride not in (1, classes):
        raise BadModel("sizes that no model has")
    if not 0 <= _number(fields, b"label_index") <= width:
        raise BadModel("a label that is not there")
    for name in (b"feature_names", b"feature_infos"):
        if len(fields.get(name, b"").split(b" ")) != width:
            raise BadModel(f"{name.decode()} of other features")
    for word in fields.get(b"objective", b"").split(b" "):
        if word.startswith(b"num_class:") and word != b"num_class:%d" % classes:
            raise BadModel("an objective of other classes")


def _check_tree(fields: dict[bytes, bytes], width: int) -> None:
    leaves, categories = _number(fields, b"num_leaves"), _number(fields, b"num_cat")
    parts = _ALWAYS | (_CATEGORICAL if categories else set()) | (_LINEAR if fields.get(b"is_linear") == b"1" else set())
    if fields.keys() != parts or not 1 <= leaves <= _MOST or not 0 <= categories <= _MOST:
        raise BadModel("a tree with other parts")
    if not re.fullmatch(_FLOAT, fields[b"shrinkage"]) or not fields[b"leaf_value"] or fields[b"is_linear"] not in (b"0", b"1"):
        raise BadModel("a tree without values")
    splits = leaves - 1
    columns = {name: _sized(fields, name, splits) for name in _PER_SPLIT_INTEGERS}
    for name in _PER_SPLIT_FLOATS:
        _count_floats(fields, name, splits)
    for name in _PER_LEAF_FLOATS:
        _count_floats(fields, name, leaves)
    # A tree of one leaf is written without weight and count.
    _sized(fields, b"leaf_count", leaves if leaves > 1 or fields[b"leaf_count"] else 0)
    _check_splits(columns, splits, leaves, width)
    _check_categories(fields, columns, categories)
    _check_linear(fields, leaves, width)


def _check_splits(columns: dict[bytes, Integers], splits: int, leaves: int, width: int) -> None:
    features, kinds = columns[b"split_feature"], columns[b"decision_type"]
    if splits and (features.min() < 0 or features.max() >= width or kinds.min() < 0 or kinds.max() > 127):
        raise BadModel("a split on a feature that is not there")
    order = np.arange(splits)
    for name in (b"left_child", b"right_child"):
        child = columns[name]
        down = child >= 0
        # Every split is made after its parent, so a way down ends: there is no way round in circles.
        if (child[down] <= order[down]).any() or (child[down] >= splits).any() or (~child[~down] >= leaves).any():
            raise BadModel("a child that is not there")


def _check_categories(fields: dict[bytes, bytes], columns: dict[bytes, Integers], categories: int) -> None:
    chosen = (columns[b"decision_type"] & 1) == 1
    if not categories:
        if chosen.any():
            raise BadModel("a split on categories that are not there")
        return
    bounds = _sized(fields, b"cat_boundaries", categories + 1)
    if bounds[0] != 0 or (np.diff(bounds) < 0).any() or bounds[-1] > _MOST:
        raise BadModel("categories that do not fit")
    _sized(fields, b"cat_threshold", int(bounds[-1]))
    sets = np.array(fields[b"threshold"].split(b" "), dtype=np.float64)[chosen]
    if not ((sets >= 0) & (sets < categories)).all():
        raise BadModel("a split on categories that are not there")


def _check_linear(fields: dict[bytes, bytes], leaves: int, width: int) -> None:
    if fields[b"is_linear"] == b"0":
        return
    counts = _sized(fields, b"num_features", leaves)
    features = _integers(b" ".join(fields.get(b"leaf_features", b"").split()))
    weights = b" ".join(fields.get(b"leaf_coeff", b"").split())
    wanted = int(counts.sum()) if counts.min() >= 0 else -1
    if len(features) != wanted or (features < 0).any() or (features >= width).any() or not _FLOATS.fullmatch(weights):
        raise BadModel("a linear leaf of other features")
    if len(weights.split()) != wanted:
        raise BadModel("a linear leaf without its weights")


def _fields(block: bytes) -> dict[bytes, bytes]:
    fields: dict[bytes, bytes] = {}
    for line in block.split(b"\n"):
        name, mark, value = line.partition(b"=")
        if not mark and line not in (b"", b"tree", b"average_output"):
            raise BadModel("a line without a name")
        if line and fields.setdefault(name, value) is not value:
            raise BadModel("a line that stands twice")
    return fields


def _number(fields: dict[bytes, bytes], name: bytes) -> int:
    value = fields.get(name, b"")
    if not re.fullmatch(rb"\d{1,9}", value):
        raise BadModel(f"no {name.decode('ascii', 'replace')}")
    return int(value)


def _integers(line: bytes) -> Integers:
    if not _INTEGERS.fullmatch(line):
        raise BadModel("something else than numbers")
    found: Integers = np.array(line.split(b" ") if line else [], dtype=np.int64)
    return found


def _sized(fields: dict[bytes, bytes], name: bytes, size: int) -> Integers:
    found = _integers(fields.get(name, b""))
    if len(found) != size:
        raise BadModel(f"{name.decode()} of another length")
    return found


def _count_floats(fields: dict[bytes, bytes], name: bytes, size: int) -> None:
    line = fields.get(name)
    if line is None or (not line and size <= 1):
        return
    if not _FLOATS.fullmatch(line) or line.count(b" ") + 1 != size:
        raise BadModel(f"{name.decode()} of another length")
