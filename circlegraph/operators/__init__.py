"""Operators of numbers, by numbering plan."""

from circlegraph.operators.plan import NumberingPlan

__all__ = ["NumberingPlan"]
