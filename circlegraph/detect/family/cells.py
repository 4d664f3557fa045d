"""Evidence of base stations: the same cell at home, at night and at weekends, and at work."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.places import Places
from circlegraph.kernels.same_cells import home_cells, lay_occasions, same_cells
from circlegraph.parallel import mapped
from circlegraph.resources import Resources

Floats = NDArray[np.float64]

LEAST_OCCASIONS = 3
"""Nights, or days, on which both must be heard for their cells to say anything."""
PIECE = 1 << 14


def cell_evidence(places: Places | None, ends: NDArray[np.int64], resources: Resources) -> dict[str, Floats]:
    """Work out the evidence of cells for pairs of numbers.

    Returns
    -------
    dict of str to float64[pairs]
        NaN for what is not known. ``same_home_cell``: share of the nights and weekend days on which both are heard that
        have a cell in common; where these are few, whether the cells that hear them on most nights are the same.
        ``same_work_cell``: the same share of working days.
    """
    unknown = np.full(len(ends), np.nan)
    if places is None or not len(ends):
        return {"same_home_cell": unknown, "same_work_cell": unknown.copy()}
    starts, key, at = lay_occasions(places.indptr, places.slot, places.cell)

    def count(low: int) -> NDArray[np.int32]:
        high = min(low + PIECE, len(ends))
        return same_cells(starts, key, at, ends, low, high)

    counts = np.concatenate(list(mapped(count, range(0, len(ends), PIECE), resources.threads)))
    home, nights = home_cells(places.indptr, places.slot, places.cell, len(places.text))
    known = (nights[ends] >= LEAST_OCCASIONS).all(axis=1)
    alike = np.where(known, home[ends[:, 0]] == home[ends[:, 1]], np.nan)
    shared = _share(counts[:, 0] + counts[:, 4], counts[:, 1] + counts[:, 5])
    return {
        "same_home_cell": np.where(np.isnan(shared), alike, shared),
        "same_work_cell": _share(counts[:, 2], counts[:, 3]),
    }


def _share(both: NDArray[np.int32], same: NDArray[np.int32]) -> Floats:
    """Share of occasions in common; NaN where there are few."""
    return np.where(both >= LEAST_OCCASIONS, same / np.maximum(both, 1), np.nan)
