"""The kinds of numbers that call many, and what each is expected to look like.

The expected shares are general knowledge of such callers, checked on the tuning seeds of the synthetic cities; the
data correct them where a kind is frequent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlegraph.evidence.kinds import KindBand

KINDS = ("manager", "courier", "hotline", "sales", "private")
TEMPER = 0.6
"""The pieces of evidence depend on each other; kept low, so that the probabilities do not claim too much."""
MANAGER = 0
"""Position of the account managers among the kinds of every scheme."""


@dataclass(frozen=True)
class Scheme:
    """Which kinds are told apart, by what.

    Attributes
    ----------
    kinds
        Names; the account managers first, the private numbers last.
    prior
        float64[kinds]: share of the judged numbers, to start from.
    bands
        The evidence.
    temper
        As for `KindModel`.
    least_approached
        Whoever approached fewer is not accepted.
    learned
        Whether the data may correct the expected shares.
    """

    kinds: tuple[str, ...]
    prior: NDArray[np.float64]
    bands: tuple[KindBand, ...]
    temper: float
    least_approached: int = 8
    learned: bool = True


_NETWORK_BANDS = (
    # People he is in contact with, log2: few is a private person.
    KindBand(
        "peers",
        (3.5, 4.5, 5.5, 6.5, 7.5, 9.0),
        (
            (0.10, 0.25, 0.28, 0.22, 0.10, 0.05),
            (0.03, 0.08, 0.12, 0.17, 0.20, 0.40),
            (0.03, 0.05, 0.07, 0.15, 0.20, 0.50),
            (0.03, 0.08, 0.12, 0.17, 0.20, 0.40),
            (0.50, 0.40, 0.085, 0.012, 0.002, 0.001),
        ),
    ),
    # Share of texts in what he sends.
    KindBand(
        "texts",
        (0.1, 0.4, 0.7),
        (
            (0.90, 0.09, 0.01),
            (0.90, 0.09, 0.01),
            (0.50, 0.20, 0.30),
            (0.85, 0.10, 0.05),
            (0.70, 0.25, 0.05),
        ),
    ),
    # Share of his ties that he opened.
    KindBand(
        "opens",
        (0.1, 0.3, 0.5, 0.7, 0.85, 0.95),
        (
            (0.005, 0.01, 0.08, 0.245, 0.33, 0.33),
            (0.01, 0.09, 0.30, 0.15, 0.20, 0.25),
            (0.50, 0.15, 0.05, 0.05, 0.05, 0.20),
            (0.01, 0.04, 0.10, 0.25, 0.35, 0.25),
            (0.03, 0.27, 0.48, 0.19, 0.025, 0.005),
        ),
    ),
    # Share of the ties he opened that stayed brief.
    KindBand(
        "brief",
        (0.25, 0.5, 0.65, 0.8, 0.95),
        (
            (0.005, 0.025, 0.12, 0.35, 0.50),
            (0.40, 0.15, 0.10, 0.15, 0.20),
            (0.05, 0.15, 0.15, 0.25, 0.40),
            (0.05, 0.05, 0.10, 0.20, 0.60),
            (0.12, 0.40, 0.36, 0.11, 0.01),
        ),
    ),
    # Share of those he called who called back.
    KindBand(
        "replies",
        (0.05, 0.2, 0.35, 0.5, 0.7),
        (
            (0.12, 0.38, 0.35, 0.12, 0.03),
            (0.15, 0.35, 0.30, 0.15, 0.05),
            (0.40, 0.30, 0.15, 0.10, 0.05),
            (0.30, 0.25, 0.15, 0.20, 0.10),
            (0.01, 0.04, 0.15, 0.35, 0.45),
        ),
    ),
    # Share of the approaches' contacts from Monday to Friday between 8 and 18.
    KindBand(
        "work hours",
        (0.3, 0.5, 0.65, 0.8, 0.9),
        (
            (0.01, 0.05, 0.19, 0.35, 0.40),
            (0.15, 0.25, 0.45, 0.10, 0.05),
            (0.15, 0.40, 0.35, 0.07, 0.03),
            (0.05, 0.25, 0.25, 0.25, 0.20),
            (0.27, 0.45, 0.22, 0.05, 0.01),
        ),
    ),
    # Share of mid and high value among the approached, as a difference of log-odds (log2) to the usual share.
    KindBand(
        "value",
        (-0.6, 0.0, 0.6, 1.2, 2.0, 3.0),
        (
            (0.005, 0.015, 0.08, 0.25, 0.37, 0.28),
            (0.45, 0.40, 0.13, 0.015, 0.0025, 0.0025),
            (0.45, 0.40, 0.13, 0.015, 0.0025, 0.0025),
            (0.25, 0.30, 0.30, 0.12, 0.025, 0.005),
            (0.20, 0.50, 0.25, 0.045, 0.004, 0.001),
        ),
    ),
    # The same where value is guessed from the activity in the CDRs, which says much less.
    KindBand(
        "value by activity",
        (-0.6, 0.0, 0.6, 1.2, 2.0),
        (
            (0.12, 0.32, 0.32, 0.17, 0.07),
            (0.25, 0.45, 0.25, 0.04, 0.01),
            (0.25, 0.45, 0.25, 0.04, 0.01),
            (0.25, 0.40, 0.25, 0.08, 0.02),
            (0.20, 0.45, 0.25, 0.07, 0.03),
        ),
    ),
    # Mean length of his approaches' answered calls, log2 of seconds.
    KindBand(
        "talk",
        (4.0, 5.0, 6.0, 7.0),
        (
            (0.03, 0.17, 0.50, 0.30),
            (0.50, 0.35, 0.10, 0.05),
            (0.05, 0.20, 0.45, 0.30),
            (0.05, 0.20, 0.45, 0.30),
            (0.07, 0.20, 0.40, 0.33),
        ),
    ),
    # Ties among the approached against those to expect by chance, log2: a stranger's list is drawn by chance.
    KindBand(
        "know each other",
        (-0.5, 0.3, 1.2, 2.2),
        (
            (0.40, 0.42, 0.15, 0.03),
            (0.10, 0.20, 0.30, 0.40),
            (0.35, 0.40, 0.18, 0.07),
            (0.40, 0.40, 0.15, 0.05),
            (0.25, 0.50, 0.19, 0.06),
        ),
    ),
    # Pairs of the approached at home in one cell against those to expect by chance, log2: a round is a neighbourhood.
    KindBand(
        "neighbours",
        (0.0, 0.7, 1.4, 2.2),
        (
            (0.75, 0.19, 0.05, 0.01),
            (0.12, 0.13, 0.30, 0.45),
            (0.80, 0.14, 0.05, 0.01),
            (0.78, 0.15, 0.05, 0.02),
            (0.60, 0.24, 0.11, 0.05),
        ),
    ),
    # What happened next: see `aftermath.Aftermath.weight`, in bits, which count as they are.
    KindBand(
        "aftermath",
        (-4.0, 0.0, 4.0),
        ((0.02, 0.66, 0.32), *((0.32, 0.66, 0.02),) * 4),
        learned=False,
    ),
)

_ONE_WAY_BANDS = (
    # People he called, log2.
    KindBand(
        "callees",
        (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0),
        (
            (0.36, 0.17, 0.14, 0.12, 0.09, 0.06, 0.04, 0.02),
            (0.80, 0.12, 0.045, 0.02, 0.009, 0.004, 0.0015, 0.0005),
        ),
    ),
    # Contacts with each of those he called, log2: who calls one line again and again wants its owner.
    KindBand(
        "contacts each",
        (0.0, 1.0, 2.0, 3.0, 5.0, 7.0),
        ((0.40, 0.30, 0.185, 0.085, 0.025, 0.005), (0.36, 0.25, 0.17, 0.11, 0.07, 0.04)),
    ),
    # What the other callers of the same people are: see `company.company`, in bits.
    KindBand("company", (-1.0, 0.0, 1.0), ((0.2, 0.4, 0.4), (0.4, 0.4, 0.2))),
)

NETWORK = Scheme(KINDS, np.array([0.006, 0.01, 0.01, 0.006, 0.968]), _NETWORK_BANDS, TEMPER)
"""For the records of a network. Without times most of the evidence is not known; then nobody is an account manager
unless those whom he calls are of value."""
ONE_WAY = Scheme(
    ("manager", "private"), np.array([0.2, 0.8]), _ONE_WAY_BANDS, 1.0, least_approached=3, learned=False
)
"""For counts where nobody is called back, as at lines that only take calls. Who calls many of them counts as an
account manager, as there is no telling what for. So little evidence cannot teach itself: learned from the surest on,
it follows how many are called, and takes all else that goes with it for a sign as well. Checked on hand-made logs of
several shapes."""
