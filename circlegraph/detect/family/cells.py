"""Evidence of base stations: the same cell at home, at night and at weekends, and at work."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.occasions import Occasions
from circlegraph.kernels.same_cells import same_cells
from circlegraph.parallel import mapped
from circlegraph.resources import Resources

Singles = NDArray[np.float32]

LEAST_OCCASIONS = 3
"""Nights, or days, on which both must be heard for their cells to say anything."""
PIECE = 1 << 14


def cell_evidence(
    heard: Occasions | None, ends: NDArray[np.int32], resources: Resources
) -> dict[str, Singles]:
    """Work out the evidence of cells for pairs of numbers.

    Returns
    -------
    dict of str to float32[pairs]
        NaN for what is not known. ``same_home_cell``: share of the nights and weekend days on which both are heard that
        have a cell in common; where these are few, whether the cells that hear them on most nights are the same.
        ``same_work_cell``: the same share of working days.
    """
    if heard is None or not len(ends):
        unknown = np.full(len(ends), np.nan, np.float32)
        return {"same_home_cell": unknown, "same_work_cell": unknown}
    known = heard

    def share(low: int) -> tuple[Singles, Singles]:
        high = min(low + PIECE, len(ends))
        counts = same_cells(known.begin, known.end, known.key, known.at, known.step, ends, low, high)
        shared = _share(counts[:, 0] + counts[:, 4], counts[:, 1] + counts[:, 5])
        a, b = ends[low:high].T
        told = np.minimum(known.nights[a], known.nights[b]) >= LEAST_OCCASIONS
        alike = np.where(told, known.home[a] == known.home[b], np.nan)
        at_home = np.where(np.isnan(shared), alike, shared).astype(np.float32)
        return at_home, _share(counts[:, 2], counts[:, 3])

    pieces = list(mapped(share, range(0, len(ends), PIECE), resources.threads))
    at_home, at_work = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return {"same_home_cell": at_home, "same_work_cell": at_work}


def _share(both: NDArray[np.int32], same: NDArray[np.int32]) -> Singles:
    """Share of occasions in common; NaN where there are few."""
    return np.where(both >= LEAST_OCCASIONS, same / np.maximum(both, 1), np.nan).astype(np.float32)
