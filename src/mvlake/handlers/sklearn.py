"""The scikit-learn handler: estimators, pipelines and searches as skops archives that only our own trust list opens.

An estimator is taken when its class is scikit-learn's or another installed library's; the archive is audited by our rules before
skops reads it, on writing as on reading, and there is no second reader to fall back on. What no archive can say (lambdas,
classes of the notebook, `scipy.stats` distributions) is refused with the reason, and the caller may pickle it, untrusted.

`encode` reads back what it wrote and compares fingerprints: skops is known to lose parts of some objects silently.

Models of XGBoost and LightGBM within an estimator are pieces (`sklearn_pieces`), which their own handlers keep. Layout of one
that has pieces: magic, the length of the archive (8 bytes, little-endian), the archive, and the pieces as a structure of no form
(`structure_layout`). One without pieces is the archive alone.
"""

from collections.abc import Callable, Iterable
from struct import Struct
from typing import Any

from mvlake.errors import CannotFingerprint, MissingLibrary, NoHandler, ProtocolTooNew
from mvlake.handlers import structure
from mvlake.handlers.ancestry import descends, loaded
from mvlake.handlers.contract import Handler
from mvlake.handlers.importable import importable_name
from mvlake.handlers.learning.weights import Weights
from mvlake.handlers.model_summary import learned_facts, summary_of
from mvlake.handlers.predictions import Predictions, predictions_of
from mvlake.handlers.shelf import Shelf
from mvlake.handlers.sklearn_walk import skops_io
from mvlake.handlers.structure_distance import distance
from mvlake.handlers.structure_layout import packed, shelved, unpacked
from mvlake.handlers.structure_parts import Part
from mvlake.records.closeness import NEGLIGIBLE, Closeness
from mvlake.records.digest import Digest
from mvlake.records.node import Node
from mvlake.records.summary import Summary

_SKOPS_PROTOCOL = 2  # the form of archive that `skops_archive` knows
_MAGIC = b"MVSKLE1\n"
_LENGTH = Struct("<Q")


class SklearnHandler(Handler):
    """Every `sklearn.base.BaseEstimator` of an installed library."""

    name = "sklearn"
    protocol = 1
    suffix = ".skops"
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True for estimators whose class comes from an installed library."""
        return _is_estimator(obj) and importable_name(type(obj)) is not None

    def refusal(self, obj: Any) -> str:
        """Return why an object of scikit-learn is not taken."""
        if _is_estimator(obj):
            return "its class is code of the notebook or of a local module, which no archive can bring back"
        return "only estimators are kept, pipelines and searches among them"

    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of class, settings and learned state, as `structure` says."""
        return structure.fingerprint(obj)

    def summarize(self, obj: Any) -> Summary:
        """Return the settings against the defaults, and what was learned; attributes such as `coef_` mean that it is fitted."""
        attributes = _attributes(obj)
        return summary_of(obj, learned=learned_facts(attributes), is_fitted=_has_learned(obj, attributes))

    def encode(self, obj: Any) -> bytes:
        """Return a skops archive, and the pieces; NoHandler when it would name what we do not trust, or not give it back whole."""
        return _encoded(obj, self.fingerprint, lambda parts: Node(packed(None, parts))).payload

    def encode_parts(self, obj: Any, shelf: Shelf) -> bytes | Node:
        """Return the same; a node where a piece is large enough to be named, and so to be shared."""
        node = _encoded(obj, self.fingerprint, lambda parts: _as_node(shelved(None, parts, shelf)))
        return node if node.nodes or node.leaves else node.payload

    def predictions(self, obj: Any, data: Any) -> Predictions:
        """Return what an estimator predicts."""
        return predictions_of(obj, data)

    def weights(self, obj: Any) -> Iterable[Weights]:
        """Return what an estimator and its parts learned."""
        from mvlake.handlers.learning.estimators import weights_of_estimator

        return weights_of_estimator(obj)

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the estimator; ValueError for an archive that our rules refuse. No code of the archive runs."""
        return self._decoded(Node(data), None, protocol)

    def decode_parts(self, made: bytes | Node, shelf: Shelf, *, protocol: int) -> Any:
        """Return the estimator, whose pieces may lie on the shelf."""
        return self._decoded(_as_node(made), shelf, protocol)

    def hold(self, obj: Any) -> Any:
        """Return a deep copy: quicker than an archive, and safe because everything in a graph with a fingerprint is known data."""
        from mvlake.handlers.sklearn_pieces import held

        self.fingerprint(obj)
        return held(obj)

    def closeness(self, a: Any, b: Any, negligible: float = NEGLIGIBLE) -> Closeness:
        """Return the distance over all learned numbers."""
        return distance(a, b, negligible)

    def _decoded(self, node: Node, shelf: Shelf | None, protocol: int) -> Any:
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        try:
            return _restored(node, shelf)
        except ModuleNotFoundError as error:
            library = {"sklearn": "scikit-learn"}.get(str(error.name), str(error.name))
            raise MissingLibrary(self.name, library=library.partition(".")[0]) from error


def _encoded(obj: Any, fingerprint: Callable[[Any], Digest], keep: Callable[[list[Part]], Node]) -> Node:
    """Return the archive, and before it, where there are pieces, what tells it from them; `keep` makes a structure of pieces."""
    name = type(obj).__name__
    try:
        skops = skops_io()

        from mvlake.handlers import skops_archive
    except ModuleNotFoundError as error:
        raise NoHandler(name, reason=f"{error.name} is not installed: pip install skops") from error
    from mvlake.handlers.sklearn_pieces import put_back, taken_out

    try:
        wanted = fingerprint(obj)
        skeleton, pieces = taken_out(obj)
        archive = skops_archive.write(skops_archive.read(skops.dumps(skeleton)))
        found = fingerprint(put_back(_read_archive(archive), [piece.obj for piece in pieces]))
    except NoHandler:
        raise
    except CannotFingerprint as error:
        raise NoHandler(name, reason=error.message) from error
    except Exception as error:  # skops and the estimators' own state hooks raise what they like
        raise NoHandler(name, reason=f"no archive can hold it: {error}") from error
    if found != wanted:
        raise NoHandler(name, reason="the archive would lose a part of it")
    if not pieces:
        return Node(archive)
    kept = keep(pieces)
    return Node(b"".join([_MAGIC, _LENGTH.pack(len(archive)), archive, kept.payload]), kept.nodes, kept.leaves)


def _as_node(made: bytes | Node) -> Node:
    return made if isinstance(made, Node) else Node(made)


def _restored(node: Node, shelf: Shelf | None) -> Any:
    data = node.payload
    if not data.startswith(_MAGIC):
        if node.nodes or node.leaves:
            raise ValueError("an archive alone that names pieces")
        return _read_archive(data)
    from mvlake.handlers.sklearn_pieces import LIBRARIES, put_back

    start = len(_MAGIC) + _LENGTH.size
    (length,) = _LENGTH.unpack(data[len(_MAGIC) : start].ljust(_LENGTH.size, b"\xff"))
    if length > len(data) - start:
        raise ValueError(f"an archive of {length} bytes, of which {max(len(data) - start, 0)} are there")
    skeleton = _read_archive(data[start : start + length])
    form, pieces = unpacked(Node(data[start + length :], node.nodes, node.leaves), shelf, allowed=LIBRARIES)
    if form is not None:
        raise ValueError("pieces of an estimator that have a form")
    return put_back(skeleton, pieces)


def _read_archive(data: bytes) -> Any:
    import sklearn  # noqa: F401 - names the missing library before skops does

    from mvlake.handlers import skops_archive
    from mvlake.handlers.sklearn_bounds import check_bounds
    from mvlake.handlers.sklearn_trust import trust

    archive = skops_archive.read(data)
    skops_archive.audit(archive, trust(), protocol=_SKOPS_PROTOCOL)
    restored = skops_io().loads(data, trusted=trust().names)
    check_bounds(restored)
    return restored


def _is_estimator(obj: Any) -> bool:
    return descends(obj, loaded("sklearn.base", "BaseEstimator"))


def _attributes(obj: Any) -> dict[str, Any]:
    found = getattr(obj, "__dict__", None)
    return found if type(found) is dict else {}


def _has_learned(obj: Any, attributes: dict[str, Any]) -> bool:
    if any(name.endswith("_") and not name.startswith("_") for name in attributes):
        return True
    # A pipeline or a vectorizer keeps nothing under its own name: its steps do.
    parts = [value for value in attributes.values() if _is_estimator(value)]
    parts += [
        item[1] for value in attributes.values() if type(value) is list for item in value if type(item) is tuple and len(item) > 1
    ]
    return any(_is_estimator(part) and _has_learned(part, _attributes(part)) for part in parts if part is not obj)


handler = SklearnHandler()
