"""Measuring a reader: labelled sets in, honest figures out."""

from inkread.evaluation.measure import evaluate

__all__ = ["evaluate"]
