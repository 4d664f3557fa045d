"""Everything a night says of one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circlegraph.errors import InputError
from circlegraph.nightly.log import add_line
from circlegraph.nightly.manifest import StageManifest
from circlegraph.nightly.night import nights
from circlegraph.nightly.privacy import Pseudonyms, check_same_mask, mask_of
from circlegraph.nightly.run import AUDIT
from circlegraph.numbers import decode, encode_with_tokens
from circlegraph.store.dates import day_number, iso_date

if TYPE_CHECKING:
    import pandas as pd

    from circlegraph.nightly.settings import Settings


def explain(settings: Settings, number: str, date: str | None = None) -> tuple[str, pd.Series, pd.DataFrame]:
    """Night, labels and evidence of a number; leaves a line in the audit log.

    Parameters
    ----------
    settings
        The config of the job.
    number
        In any spelling; where results hold pseudonyms, the number or its pseudonym.
    date
        The night; by default the last one that is done.

    Raises
    ------
    InputError
        If there is no such night, or it knows no such number.
    SettingsError
        If the date is none, or results were made with another key.
    """
    import pandas as pd

    results = settings.folders.results
    date = None if date is None else iso_date(day_number(date))
    done = [night for night in nights(results) if StageManifest.read(results / night / "labels") is not None]
    if not done or (date is not None and date not in done):
        told = f"there are {', '.join(done[-5:])}" if done else "there are none yet"
        raise InputError(f"{results}: no results of {date or 'any night'}; {told}")
    night = date or done[-1]
    country = settings.inputs.country or None
    (plain,) = decode(*encode_with_tokens([number], country=country))
    mask = mask_of(settings.privacy, list)
    check_same_mask(mask, results)
    names = {plain, number, mask.of(plain) if isinstance(mask, Pseudonyms) else plain}
    labels, evidence = (
        pd.read_parquet(results / night / "labels" / f"{name}.parquet") for name in ("labels", "evidence")
    )
    found = labels[labels.number.isin(names)]
    subject = mask.of(plain) if isinstance(mask, Pseudonyms) else f"...{plain[-2:]}"
    add_line(results / AUDIT, action="explain", night=night, number=subject, found=len(found) == 1)
    if len(found) != 1:
        raise InputError(f"the night of {night} has no labels of this number; is it an own number?")
    return night, found.iloc[0], evidence[evidence.number.isin(names)].reset_index(drop=True)
