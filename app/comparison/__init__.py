"""Several methods on one pair and one sentence: results, metrics, difference maps, and files for a paper."""

from app.comparison.results import Cell, CommonRegion, Comparison
from app.comparison.runner import compare

__all__ = ["Cell", "CommonRegion", "Comparison", "compare"]
