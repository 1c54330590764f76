"""The LightGBM handler: boosters and their scikit-learn wrappers as the library's model text.

An artifact is a line of JSON (class and attributes) and the text. LightGBM's parser believes every number in a text and kills the
process on a wrong one, so decoding looks three times: our own reader checks that all sizes and indices fit (`lightgbm_text`), a
child process that loads nothing but the native library parses it and predicts one row, and only then is it parsed here. The child
costs some 30 ms on a small model, and the time of one more parse on a large one.
"""

import copy
import re
import sys
from collections.abc import Iterable
from typing import Any

from mvlake.errors import MissingLibrary, NoHandler, ProtocolTooNew
from mvlake.handlers import structure, wrapper_state
from mvlake.handlers.ancestry import loaded
from mvlake.handlers.child import parse_in_child
from mvlake.handlers.contract import Handler
from mvlake.handlers.hashing import Parts
from mvlake.handlers.learning.weights import Weights
from mvlake.handlers.model_summary import learned_facts, library_version, setting, summary_of
from mvlake.handlers.predictions import Predictions, predictions_of, predictions_of_booster
from mvlake.records.digest import Digest
from mvlake.records.summary import ModelSummary, Summary

_WRAPPERS = frozenset({"LGBMClassifier", "LGBMRegressor", "LGBMRanker", "LGBMModel"})
_CLASSES = ("Booster", *sorted(_WRAPPERS))
_KEPT = ("best_iteration", "best_score", "params", "pandas_categorical")
# The wrapper writes the machine's number of cores into the text: no part of the model.
_THREADS = re.compile(rb"^\[num_threads: -?\d+\]\n", re.MULTILINE)

_OBJECTIVE = re.compile(rb"^objective=(\w+)", re.MULTILINE)
_THREAD_NAMES = frozenset({"num_threads", "num_thread", "nthread", "nthreads", "n_jobs"})

# ctypes and the native library alone: importing lightgbm would load numpy and scipy, ten times slower.
_PROBE = """
import ctypes, sys
library = ctypes.cdll.LoadLibrary({path!r})
text = ctypes.c_char_p(sys.stdin.buffer.read())
handle, rounds, width, written = ctypes.c_void_p(), ctypes.c_int(), ctypes.c_int(), ctypes.c_int64()
def call(result):
    if result:
        library.LGBM_GetLastError.restype = ctypes.c_char_p
        sys.exit(library.LGBM_GetLastError().decode("utf-8", "replace"))
call(library.LGBM_BoosterLoadModelFromString(text, ctypes.byref(rounds), ctypes.byref(handle)))
call(library.LGBM_BoosterGetNumFeature(handle, ctypes.byref(width)))
call(library.LGBM_BoosterCalcNumPredict(handle, 1, 0, 0, -1, ctypes.byref(written)))
length = ctypes.c_int64()
call(library.LGBM_BoosterGetLoadedParam(handle, 0, ctypes.byref(length), None))
buffer = ctypes.create_string_buffer(length.value)
call(library.LGBM_BoosterGetLoadedParam(handle, length.value, ctypes.byref(length), buffer))
row, out = (ctypes.c_double * width.value)(), (ctypes.c_double * max(1, written.value))()
call(library.LGBM_BoosterPredictForMat(handle, row, 1, 1, width, 1, 0, 0, -1, b"num_threads=1", ctypes.byref(written), out))
"""


class LightGBMHandler(Handler):
    """`lightgbm.Booster`, and `LGBMClassifier` and its like, fitted or not."""

    name = "lightgbm"
    protocol = 1
    suffix = ".lightgbm.txt"
    # The text is numbers and names. It could do harm only through faults of a parser that sees nothing our reader did not check.
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True for exact classes of LightGBM."""
        return _class_name(obj) != ""

    def refusal(self, obj: Any) -> str:  # noqa: ARG002 - one reason fits all
        """Return why an object of LightGBM is not taken."""
        return f"only Booster and {', '.join(sorted(_WRAPPERS))} are kept, and no subclasses of them"

    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of class, attributes and the booster's text without the number of threads."""
        booster = _booster(obj)
        text = b"" if booster is None else _THREADS.sub(b"", _text(booster))
        attributes = _attributes(obj)
        kept = attributes.get("_Booster")
        if kept is not None and type(kept["params"]) is dict:
            kept["params"] = {name: value for name, value in kept["params"].items() if name not in _THREAD_NAMES}
        return Parts("lightgbm").text(_class_name(obj)).data(text).digest(structure.fingerprint(attributes)).done()

    def summarize(self, obj: Any) -> Summary:
        """Return the settings against the defaults, trees and features."""
        booster, facts = _booster(obj), []
        if booster is not None:
            facts = [setting("trees", booster.num_trees()), setting("n_features", booster.num_feature())]
            if booster.best_iteration > 0:
                facts.append(setting("best_iteration", booster.best_iteration))
        if _class_name(obj) == "Booster":
            return ModelSummary("lightgbm.Booster", bool(facts), (), "lightgbm", library_version("lightgbm"), tuple(facts))
        known = {fact.name for fact in facts}
        facts += [fact for fact in learned_facts(vars(obj)) if fact.name not in known]
        return summary_of(obj, learned=tuple(facts), is_fitted=booster is not None)

    def encode(self, obj: Any) -> bytes:
        """Return the line and the text; NoHandler when an attribute is code."""
        head, booster = _pack(obj), _booster(obj)
        return head + b"\n" + (b"" if booster is None else _text(booster))

    def predictions(self, obj: Any, data: Any) -> Predictions:
        """Return what an estimator or a booster predicts."""
        return _said(obj, data) if _class_name(obj) == "Booster" else predictions_of(obj, data)

    def weights(self, obj: Any) -> Iterable[Weights]:
        """Return importances and trees, or the coefficients of a linear booster."""
        from mvlake.handlers.learning.lightgbm import weights_of_booster

        booster = _booster(obj)
        return () if booster is None else weights_of_booster(booster)

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the booster or wrapper; ValueError for a text that our reader or the child refuses."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        try:
            import lightgbm
        except ModuleNotFoundError as error:
            raise MissingLibrary(self.name, library="lightgbm") from error
        head, _, text = data.partition(b"\n")
        kind, attributes = wrapper_state.unpack(head)
        if kind not in _WRAPPERS | {"Booster"}:
            raise ValueError(f"not a class of LightGBM: {kind[:40]!r}")
        kept = attributes.pop("_Booster", {})
        booster = _read(lightgbm, text, kept if isinstance(kept, dict) else {}) if text else None
        if kind == "Booster":
            if booster is None:
                raise ValueError("a booster without a model")
            return booster
        made = getattr(lightgbm, kind).__new__(getattr(lightgbm, kind))
        vars(made).update(attributes, _Booster=booster)
        return made

    def hold(self, obj: Any) -> Any:
        """Return a copy; LightGBM copies its boosters by their text, and the rest is data, or `pack` refuses it."""
        _pack(obj)
        booster = _booster(obj)
        if booster is obj:
            return _copied(booster)
        held = copy.copy(obj)
        vars(held).update(copy.deepcopy(_attributes(obj)))
        vars(held)["_Booster"] = None if booster is None else _copied(booster)
        return held


def _read(lightgbm: Any, text: bytes, kept: dict[str, Any]) -> Any:
    from mvlake.handlers.lightgbm_text import check_model

    check_model(text)
    parse_in_child(_PROBE.format(path=lightgbm.basic._LIB._name), text)  # noqa: SLF001 - the library's only word on where it lies
    return _made(lightgbm, text.decode(), kept)


def _made(lightgbm: Any, text: str, kept: dict[str, Any]) -> Any:
    booster = lightgbm.Booster(model_str=text)
    vars(booster).update({name: value for name, value in kept.items() if name in _KEPT})
    return booster


def _copied(booster: Any) -> Any:
    return _made(sys.modules["lightgbm"], _text(booster).decode(), copy.deepcopy(_state(booster)))


def _said(booster: Any, data: Any) -> Predictions:
    found = _OBJECTIVE.search(booster.model_to_string(num_iteration=1).encode())
    return predictions_of_booster(booster.predict, data, found[1].decode() if found is not None else "")


def _class_name(obj: Any) -> str:
    """Return the name of the object's class when it is exactly one of ours, "" otherwise."""
    return next((name for name in _CLASSES if type(obj) is loaded("lightgbm", name)), "")


def _booster(obj: Any) -> Any:
    return obj if _class_name(obj) == "Booster" else vars(obj).get("_Booster")


def _attributes(obj: Any) -> dict[str, Any]:
    """Return the wrapper's attributes, with those of its booster that no text holds under `_Booster`."""
    booster = _booster(obj)
    own = {} if booster is obj else {name: value for name, value in sorted(vars(obj).items()) if name != "_Booster"}
    return own if booster is None else {**own, "_Booster": _state(booster)}


def _state(booster: Any) -> dict[str, Any]:
    return {name: vars(booster).get(name) for name in _KEPT}


def _text(booster: Any) -> bytes:
    # All rounds: without the number LightGBM drops those after the best one.
    text: str = booster.model_to_string(num_iteration=-1)
    return text.encode()


def _pack(obj: Any) -> bytes:
    try:
        return wrapper_state.pack(_class_name(obj), _attributes(obj))
    except TypeError as error:
        raise NoHandler(_class_name(obj), reason=str(error)) from error


handler = LightGBMHandler()
