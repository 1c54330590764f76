"""Classify: parameters told apart from metrics, from facts and present values, without running user code."""

from mvlake.capture.metrics import metrics_of
from mvlake.capture.params import params_of, params_of_models

__all__ = ["metrics_of", "params_of", "params_of_models"]
