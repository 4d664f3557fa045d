"""Seeds of the worlds: the one place where tuning and judging are kept apart.

Whoever fits a threshold, a weight or a band looks at worlds of the tuning seeds only. The tables, the stored
figures and every claim about a method are made on the judging seeds.
"""

TUNING = {"city": (11, 12, 13, 14), "copenhagen": (101, 102, 103, 104, 105)}
JUDGING = {"city": (71, 72, 73, 74), "copenhagen": (1, 2, 3, 4, 5)}


def check() -> None:
    """Make sure that no world is used for both.

    Raises
    ------
    ValueError
        If a seed stands on both lists or twice on one.
    """
    for kind in TUNING:
        seeds = [*TUNING[kind], *JUDGING[kind]]
        if len(set(seeds)) != len(seeds):
            raise ValueError(f"{kind}: a seed is used twice among tuning and judging seeds {seeds}")
