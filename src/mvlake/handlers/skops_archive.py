"""Skops archive: its schema and members, read strictly, audited by our own rules, and written so that equal models are equal bytes.

skops checks that an archive names only trusted types; it does not check *where* a name stands, and so would call a trusted class
with any arguments the archive likes. This audit knows the few forms that skops writes, and refuses all others beforehand:

- every member is stored, not compressed: no bombs;
- each kind of node names only what belongs there (`sklearn_trust`);
- an id that stands twice stands for the same description, so that what is checked is what is made;
- a tree, and the state of a random generator, fit their own sizes: their native code does not look.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mvlake.handlers.hashing import digest_of
from mvlake.handlers.sklearn_trust import LOSSES, SPARSE, Trust
from mvlake.records.canonical import parse
from mvlake.records.standard_json import dumps, loads

_SCHEMA = "schema.json"
_MAX_DEPTH = 150
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MT19937_WORDS = 624
_PHILOX_WORDS = 4

Node = dict[str, Any]


class BadArchive(ValueError):
    """An archive that our rules refuse."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The schema, and the members' bytes by name."""

    schema: Node
    members: Mapping[str, bytes]


def read(data: bytes) -> Archive:
    """Return the archive in these bytes; BadArchive when they are no stored zip with a schema."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            entries = file.infolist()
            if len({entry.filename for entry in entries}) != len(entries):
                raise BadArchive("a member stands twice")
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise BadArchive("a compressed member")
            if sum(entry.file_size for entry in entries) > len(data):
                raise BadArchive("members overlap")
            members = {entry.filename: file.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise BadArchive(f"not a zip archive: {error}") from error
    schema = parse(members.pop(_SCHEMA, b""))
    if not isinstance(schema, dict):
        raise BadArchive("no schema")
    return Archive(schema, members)


def write(archive: Archive) -> bytes:
    """Return the archive as bytes in which ids are counted, members are named by content, and there are no times."""
    names = {name: f"{digest_of(content).hex[:32]}{name[-4:]}" for name, content in archive.members.items()}
    schema = _renamed(archive.schema, names, {})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for name, content in sorted({names[old]: content for old, content in archive.members.items()}.items()):
            file.writestr(zipfile.ZipInfo(name, _EPOCH), content)
        file.writestr(zipfile.ZipInfo(_SCHEMA, _EPOCH), dumps(schema, separators=(",", ":")))
    return buffer.getvalue()


def audit(archive: Archive, trust: Trust, *, protocol: int) -> None:
    """Raise BadArchive, with the place, for anything that skops would not write of a model that we trust."""
    if archive.schema.get("protocol") != protocol or isinstance(archive.schema.get("protocol"), bool):
        raise BadArchive(f"protocol {archive.schema.get('protocol')!r}, not {protocol}")
    root = {key: value for key, value in archive.schema.items() if key not in ("protocol", "_skops_version")}
    _Audit(archive.members, trust).node(root, 0)


def _renamed(value: Any, names: Mapping[str, str], known: dict[int, Node]) -> Any:
    """Return the description with counted ids and new names; what describes one object twice does so in the same words."""
    if isinstance(value, list):
        return [_renamed(item, names, known) for item in value]
    if not isinstance(value, dict):
        return value
    if not isinstance(value.get("__loader__"), str):  # a table of nodes, not a node
        return {key: _renamed(item, names, known) for key, item in value.items()}
    old = value.get("__id__")
    if isinstance(old, int) and old in known:
        return known[old]
    number = len(known) + 1
    # A JSON value has no identity worth keeping, and small numbers share theirs by accident.
    made: Node = {}
    if isinstance(old, int) and value["__loader__"] != "JsonNode":
        made["__id__"] = number
        known[old] = made
    for key, item in value.items():
        if key != "__id__":
            made[key] = names[item] if key == "file" else _renamed(item, names, known)
    return made


class _Audit:
    """One pass over a schema."""

    def __init__(self, members: Mapping[str, bytes], trust: Trust) -> None:
        self._members = members
        self._trust = trust
        self._seen: dict[int, Node] = {}
        self._forms: dict[str, Callable[[Node, str, int], None]] = {
            "JsonNode": self._json,
            "DictNode": self._dict,
            "DefaultDictNode": self._children_of({"collections.defaultdict"}),
            "ListNode": self._sequence("builtins.list"),
            "SetNode": self._sequence("builtins.set"),
            "TupleNode": self._sequence("builtins.tuple", "sklearn.impute._iterative._ImputerTriplet"),
            "SliceNode": self._slice,
            "BytesNode": self._bytes("builtins.bytes"),
            "BytearrayNode": self._bytes("builtins.bytearray"),
            "TypeNode": self._type,
            "FunctionNode": self._function,
            "PartialNode": self._children_of({"functools.partial"}),
            "ConstructorFromReduceNode": self._constructed,
            "ObjectNode": self._object,
            "NdArrayNode": self._array,
            "MaskedArrayNode": self._children_of({"numpy.ma.MaskedArray"}),
            "DTypeNode": self._children_of({"numpy.dtype"}),
            "SparseMatrixNode": self._sparse,
            "RandomStateNode": self._random_state,
            "RandomGeneratorNode": self._generator,
            "LossNode": self._loss,
            "TreeNode": self._tree,
        }

    def node(self, node: Any, depth: int) -> None:
        if not isinstance(node, dict) or depth > _MAX_DEPTH:
            raise BadArchive("not a node, or nested too deeply")
        module, kind, loader = node.get("__module__"), node.get("__class__"), node.get("__loader__")
        check = self._forms.get(loader) if isinstance(loader, str) else None
        if check is None or not isinstance(module, str) or not isinstance(kind, str):
            raise BadArchive(f"{module}.{kind} as {loader}")
        identity = node.get("__id__")
        if identity is not None:
            if type(identity) is not int:
                raise BadArchive("an id that is no number")
            first = self._seen.setdefault(identity, node)
            if first is not node:
                if first != node:
                    raise BadArchive("one id for two things")
                return
        check(node, f"{module}.{kind}", depth + 1)

    def value(self, node: Node) -> Any:
        """Return what a node of plain data will be: numbers, texts, arrays, tuples and dictionaries of them."""
        import numpy as np

        loader = node["__loader__"]
        if loader == "JsonNode":
            return loads(node["content"])
        if loader in ("TupleNode", "ListNode"):
            return tuple(self.value(item) for item in node["content"])
        if loader == "DictNode":
            return {key: self.value(item) for key, item in node["content"].items()}
        if loader == "NdArrayNode" and node["type"] == "numpy":
            return np.load(io.BytesIO(self._members[node["file"]]), allow_pickle=False)
        raise BadArchive(f"{loader} where plain data is expected")

    def _require(self, name: str, allowed: frozenset[str] | set[str]) -> None:
        if name not in allowed:
            raise BadArchive(f"{name} is not trusted here")

    def _nodes(self, value: Any, depth: int) -> None:
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]:
            self.node(item, depth)

    def _json(self, node: Node, name: str, _: int) -> None:
        self._require(name, {"builtins.str"})
        if not isinstance(node["content"], str) or isinstance(loads(node["content"]), list | dict):
            raise BadArchive("a JSON node that is no scalar")

    def _dict(self, node: Node, name: str, depth: int) -> None:
        self._require(name, {"builtins.dict", "collections.OrderedDict", "sklearn.utils._bunch.Bunch"})
        keys = node["key_types"]
        self.node(keys, depth)
        if keys["__loader__"] != "ListNode" or any(key["__loader__"] != "TypeNode" for key in keys["content"]):
            raise BadArchive("keys that are not described by types")
        if any(
            _named(key) not in self._trust.scalars | {"builtins.str", "builtins.int", "builtins.float"} for key in keys["content"]
        ):
            raise BadArchive("keys that a text cannot say")
        if not isinstance(node["content"], dict) or len(keys["content"]) != len(node["content"]):
            raise BadArchive("keys without types")
        self._nodes(node["content"], depth)

    def _children_of(self, allowed: set[str]) -> Callable[[Node, str, int], None]:
        def check(node: Node, name: str, depth: int) -> None:
            self._require(name, allowed)
            content = node["content"]
            self._nodes([content] if isinstance(content, dict) and "__loader__" in content else content, depth)

        return check

    def _sequence(self, *allowed: str) -> Callable[[Node, str, int], None]:
        def check(node: Node, name: str, depth: int) -> None:
            self._require(name, set(allowed))
            if not isinstance(node["content"], list):
                raise BadArchive("a sequence without items")
            self._nodes(node["content"], depth)

        return check

    def _slice(self, node: Node, name: str, _: int) -> None:
        self._require(name, {"builtins.slice"})
        if any(type(one) not in (int, type(None), str) for one in node["content"].values()):
            raise BadArchive("a slice of something else than numbers")

    def _bytes(self, allowed: str) -> Callable[[Node, str, int], None]:
        def check(node: Node, name: str, _: int) -> None:
            self._require(name, {allowed})
            self._member(node)

        return check

    def _member(self, node: Node) -> bytes:
        if node["file"] not in self._members:
            raise BadArchive("a member that is not there")
        return self._members[node["file"]]

    def _type(self, _: Node, name: str, __: int) -> None:
        self._require(name, self._trust.types)

    def _function(self, _: Node, name: str, __: int) -> None:
        self._require(name, self._trust.functions)

    def _constructed(self, node: Node, name: str, depth: int) -> None:
        self._require(name, {"builtins.frozenset", "builtins.complex", "builtins.range"})
        self.node(node["content"], depth)

    def _object(self, node: Node, name: str, depth: int) -> None:
        self._require(name, self._trust.objects)
        if node.get("content") is not None:
            self.node(node["content"], depth)

    def _array(self, node: Node, name: str, depth: int) -> None:
        self._require(name, self._trust.scalars | {"numpy.ndarray"})
        if node["type"] == "numpy":
            self._member(node)
        elif node["type"] == "json" and name == "numpy.ndarray":
            self._nodes(node["content"], depth)
            self.node(node["shape"], depth)
        else:
            raise BadArchive("an array of an unknown form")

    def _sparse(self, node: Node, name: str, _: int) -> None:
        self._require(name, SPARSE)
        if node["type"] != "scipy":
            raise BadArchive("a sparse matrix of an unknown form")
        content = self._member(node)
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                size = sum(entry.file_size for entry in parts.infolist())
        except zipfile.BadZipFile as error:
            raise BadArchive("a sparse matrix that is no npz") from error
        if size > max(1 << 26, 100 * len(content)):
            raise BadArchive("a sparse matrix that unpacks to far more than it is")
        from scipy.sparse import load_npz

        matrix = load_npz(io.BytesIO(content))
        if hasattr(matrix, "check_format"):
            matrix.check_format(full_check=True)

    def _random_state(self, node: Node, name: str, depth: int) -> None:
        self._require(name, {"numpy.random.mtrand.RandomState"})
        self.node(node["content"], depth)
        self._within_table(node["content"])

    def _generator(self, node: Node, name: str, depth: int) -> None:
        self._require(name, {"numpy.random._generator.Generator"})
        self._nodes(node["content"], depth)
        self._within_table(node["content"]["bit_generator"])

    def _within_table(self, node: Node) -> None:
        """MT19937 and Philox keep a position in a table, and read there without looking."""
        state = self.value(node)
        places = ((state["state"].get("pos", 0), _MT19937_WORDS), (state.get("buffer_pos", 0), _PHILOX_WORDS))
        if any(type(place) is not int or not 0 <= place <= size for place, size in places):
            raise BadArchive("a random state beyond its table")

    def _loss(self, node: Node, name: str, depth: int) -> None:
        self._require(name, LOSSES)
        self.node(node["content"], depth)
        self.node(node["__reduce__"]["args"], depth)
        if any(type(one) not in (int, float) for one in self.value(node["__reduce__"]["args"])):
            raise BadArchive("a loss of something else than numbers")

    def _tree(self, node: Node, name: str, depth: int) -> None:
        self._require(name, {"sklearn.tree._tree.Tree"})
        self.node(node["content"], depth)
        self.node(node["__reduce__"]["args"], depth)
        features, classes, outputs = self.value(node["__reduce__"]["args"])
        state = self.value(node["content"])
        nodes = state["nodes"]
        sizes = type(features) is int and features >= 0 and type(outputs) is int and outputs == len(classes) > 0
        if not sizes or classes.ndim != 1 or classes.min() < 1 or nodes.ndim != 1 or state["node_count"] != len(nodes):
            raise BadArchive("a tree whose sizes do not fit")


def _named(node: Node) -> str:
    return f"{node['__module__']}.{node['__class__']}"
