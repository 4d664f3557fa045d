"""What a method says of the families of a world."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Found:
    """What a method says of the families of a world.

    Attributes
    ----------
    pairs : pandas.DataFrame or None
        number_a, number_b (either order, each pair once), probability; accepted if the method decides.
    families : pandas.DataFrame or None
        number, family_id; role (spouse, parent, child, other, ...) and is_key_person if the method tells them.
    """

    pairs: pd.DataFrame | None = None
    families: pd.DataFrame | None = None
