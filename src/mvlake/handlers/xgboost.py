"""The XGBoost handler: boosters and their scikit-learn wrappers as JSON, never as UBJ, whose parser crashes on damaged bytes.

An artifact is two lines: what the wrapper says (its class and attributes; of a bare booster, only its class), and the booster's own
JSON. Only classes of a fixed list come back. A custom objective or a callback is code, and refused. The predictor
believes every index in the JSON: `xgboost_bounds` looks at them before XGBoost does.

XGBoost's JSON keeps what a model predicts with; training settings that a bare `Booster` was given (`eta`, `nthread`) are not in it.
"""

import copy
from collections.abc import Iterable
from typing import Any

from mvlake.errors import MissingLibrary, NoHandler, ProtocolTooNew
from mvlake.handlers import structure, wrapper_state
from mvlake.handlers.ancestry import loaded
from mvlake.handlers.contract import Handler
from mvlake.handlers.hashing import Parts
from mvlake.handlers.learning.weights import Weights
from mvlake.handlers.model_summary import learned_facts, library_version, setting, summary_of
from mvlake.handlers.predictions import Predictions, predictions_of, predictions_of_booster
from mvlake.records.canonical import parse
from mvlake.records.digest import Digest
from mvlake.records.summary import ModelSummary, Summary

_WRAPPERS = frozenset({"XGBClassifier", "XGBRegressor", "XGBRanker", "XGBRFClassifier", "XGBRFRegressor", "XGBModel"})
_CLASSES = ("Booster", *sorted(_WRAPPERS))


class XGBoostHandler(Handler):
    """`xgboost.Booster`, and `XGBClassifier` and its like, fitted or not."""

    name = "xgboost"
    protocol = 1
    suffix = ".xgboost.jsonl"
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True for exact classes of XGBoost."""
        return _class_name(obj) != ""

    def refusal(self, obj: Any) -> str:  # noqa: ARG002 - one reason fits all
        """Return why an object of XGBoost is not taken."""
        return f"only Booster and {', '.join(sorted(_WRAPPERS))} are kept, and no subclasses of them"

    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of class, attributes and the booster's JSON."""
        parts = Parts("xgboost").text(_class_name(obj))
        booster = _booster(obj)
        parts.data(b"" if booster is None else _raw(booster))
        return parts.digest(structure.fingerprint(_attributes(obj))).done()

    def summarize(self, obj: Any) -> Summary:
        """Return the settings against the defaults, rounds and features."""
        booster = _booster(obj)
        facts = []
        if booster is not None:
            facts = [setting("rounds", booster.num_boosted_rounds()), setting("n_features", booster.num_features())]
            kept = booster.attributes()
            facts += [setting(name, float(kept[name])) for name in ("best_iteration", "best_score") if name in kept]
        if _class_name(obj) == "Booster":
            return ModelSummary("xgboost.Booster", bool(facts), (), "xgboost", library_version("xgboost"), tuple(facts))
        known = {fact.name for fact in facts}
        facts += [fact for fact in learned_facts(vars(obj)) if fact.name not in known]
        return summary_of(obj, learned=tuple(facts), is_fitted=booster is not None)

    def encode(self, obj: Any) -> bytes:
        """Return the two lines; NoHandler when an attribute is code."""
        head, booster = _pack(obj), _booster(obj)
        return head + b"\n" + (b"" if booster is None else _raw(booster))

    def predictions(self, obj: Any, data: Any) -> Predictions:
        """Return what an estimator or a booster predicts."""
        return _said(obj, data) if _class_name(obj) == "Booster" else predictions_of(obj, data)

    def weights(self, obj: Any) -> Iterable[Weights]:
        """Return importances and trees, or the coefficients of a linear booster."""
        from mvlake.handlers.learning.xgboost import weights_of_booster

        booster = _booster(obj)
        return () if booster is None else weights_of_booster(booster)

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the booster or wrapper; an exception of XGBoost, or ValueError, for bytes that are none or lead astray."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        try:
            import xgboost
        except ModuleNotFoundError as error:
            raise MissingLibrary(self.name, library="xgboost") from error
        from mvlake.handlers.xgboost_bounds import check_booster

        head, _, model = data.partition(b"\n")
        kind, attributes = wrapper_state.unpack(head)
        booster = None
        if model:
            if not model.startswith(b'{"'):  # XGBoost tells JSON from UBJ by these two bytes
                raise ValueError("the booster is no JSON")
            check_booster(model)
            booster = xgboost.Booster()
            booster.load_model(bytearray(model))
        if kind == "Booster" and booster is not None:
            return booster
        if kind not in _WRAPPERS:
            raise ValueError(f"not a class of XGBoost: {kind[:40]!r}")
        made = getattr(xgboost, kind).__new__(getattr(xgboost, kind))
        vars(made).update(attributes)
        if booster is not None:
            booster.set_param({"nthread": attributes.get("n_jobs") or 0})
            vars(made)["_Booster"] = booster
        return made

    def hold(self, obj: Any) -> Any:
        """Return a copy; XGBoost copies its boosters completely, and the rest is data, or `pack` refuses it."""
        _pack(obj)
        return copy.deepcopy(obj)


def _said(booster: Any, data: Any) -> Predictions:
    import xgboost

    objective = parse(booster.save_config().encode())["learner"]["objective"]["name"]
    return predictions_of_booster(
        lambda rows: booster.predict(xgboost.DMatrix(rows, enable_categorical=True)), data, str(objective)
    )


def _class_name(obj: Any) -> str:
    """Return the name of the object's class when it is exactly one of ours, "" otherwise."""
    return next((name for name in _CLASSES if type(obj) is loaded("xgboost", name)), "")


def _booster(obj: Any) -> Any:
    return obj if _class_name(obj) == "Booster" else vars(obj).get("_Booster")


def _attributes(obj: Any) -> dict[str, Any]:
    return {} if _class_name(obj) == "Booster" else {name: value for name, value in sorted(vars(obj).items()) if name != "_Booster"}


def _pack(obj: Any) -> bytes:
    try:
        return wrapper_state.pack(_class_name(obj), _attributes(obj))
    except TypeError as error:
        raise NoHandler(_class_name(obj), reason=str(error)) from error


def _raw(booster: Any) -> bytes:
    return bytes(booster.save_raw("json"))


handler = XGBoostHandler()
