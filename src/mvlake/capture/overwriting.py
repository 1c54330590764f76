"""Overwriting: whether a cell that was edited and run again wrote over all that its first run had changed in place."""

import ast
from collections.abc import Mapping
from typing import Any

from mvlake.capture.parsing import parsed
from mvlake.records.source import plain_python

# A fit begins anew here. Networks go on from where they are.
_REFITS = ("sklearn.", "xgboost.", "lightgbm.", "catboost.")


def is_written_over(first: str, again: str, namespace: Mapping[str, Any]) -> bool:
    """True when the second text makes whatever the first one stored in place, without reading it."""
    before, after = _stores(first), _stores(again)
    if before is None or after is None:
        return False
    stored, fitted = before
    stored_again, fitted_again = after
    return (
        stored.keys() <= stored_again.keys()
        and not any(stored_again[target] for target in stored)
        and fitted <= fitted_again
        and all(_begins_anew(namespace.get(name)) for name in fitted)
    )


def _stores(text: str) -> tuple[dict[str, bool], set[str]] | None:
    """Return the targets that a text stores into, each with whether it is read there, and the names that it fits.

    None for a text that may change something in another way.
    """
    tree = parsed(text) or parsed(plain_python(text))
    if tree is None:
        return None
    stored: dict[str, bool] = {}
    fitted: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Subscript | ast.Attribute):
                    name = ast.unparse(target)
                    is_read = node.value is not None and name in {
                        ast.unparse(one) for one in ast.walk(node.value) if type(one) is type(target)
                    }
                    stored[name] = stored.get(name, False) or is_read
        fit = node.value if isinstance(node, ast.Expr | ast.Assign) else None
        if isinstance(fit, ast.Call) and isinstance(fit.func, ast.Attribute) and fit.func.attr == "fit":
            owner = fit.func.value
            if isinstance(owner, ast.Name):
                fitted.add(owner.id)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = node.value.func
            if not (isinstance(function, ast.Name) and function.id in ("print", "display")):
                return None
        elif not isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr | ast.Import | ast.ImportFrom | ast.FunctionDef):
            return None
    return stored, fitted


def _begins_anew(model: object) -> bool:
    return f"{type(model).__module__}.".startswith(_REFITS)
