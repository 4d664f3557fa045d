"""Plain figures of every judged number, for the reasons and for whoever wants to look closer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.contacts.windows import DAY
from circlegraph.detect.account_managers.profile import Profile
from circlegraph.detect.account_managers.spans import PERIOD_DAYS, weekday_bits
from circlegraph.detect.account_managers.ties import Scene

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


def describe(scene: Scene, profile: Profile) -> dict[str, Floats]:
    """Figures by name, float64[judged]; NaN for what is not known.

    Shares lie between 0 and 1. *opened*: of all ties; *initiated*: of all contacts; *replied*: of those called;
    *answered*: of the calls; *talk_entropy* of the six classes of length and *contact_entropy* of the callees, both
    over the largest possible; *growth*: people first called in the second half of its time, over all; *clustering*:
    pairs of approached people who are in contact, *acquainted*: approached people who know another of them;
    *neighbours*: pairs of approached people whose nights are spent in the same cell.
    """
    ties, total = scene.ties, scene.total
    ones = np.ones(len(ties))
    peers, called = total(ones), total(ties.out > 0)
    contacts = ties.out + ties.back
    figures = {
        "contacts": peers,
        "callees": called,
        "approached": profile.counts["approached"].astype(np.float64),
        "initiated": _over(total(ties.out), total(contacts)),
        "contacts_each": _over(total(ties.out), called),
        "replied": _over(total((ties.out > 0) & (ties.back > 0)), called * (not scene.one_way)),
        "texts": _over(total(ties.texts), total(ties.out)),
        "contact_entropy": _contact_entropy(scene),
        "valued": _over(*(profile.counts[name].astype(np.float64) for name in ("valued", "valued_known"))),
        "valued_p": profile.surprise,
        "clustering": profile.clustering,
        "acquainted": profile.acquainted,
        "neighbours": profile.neighbours,
    }
    if scene.timed:
        figures["opened"] = _over(total(ties.opened == 1), peers)
        figures |= _days(scene)
    if scene.timed_of_day:
        approach = profile.approach
        figures["work_hours"] = _over(total(approach * ties.work), total(approach * ties.dated))
    if scene.lasting:
        lengths = scene.lengths.astype(np.float64)
        answered = lengths[:, 1:].sum(axis=1)
        figures["answered"] = _over(answered, lengths.sum(axis=1))
        figures["talk_seconds"] = _over(total(ties.seconds), answered)
        figures["talk_entropy"] = _entropy(lengths) / np.log2(lengths.shape[1])
    return figures


def profiles_table(scene: Scene, figures: dict[str, Floats]) -> pd.DataFrame:
    """Rows of the judged numbers with their figures."""
    import pandas as pd

    number = pd.Series(scene.numbers.strings(scene.judged), dtype=object)
    return pd.DataFrame({"number": number, **figures})


def _days(scene: Scene) -> dict[str, Floats]:
    """Days with contact, weeks with somebody new, share of the days from Monday to Friday, and growth."""
    ties, n = scene.ties, len(scene.judged)
    if not n:
        return {name: np.empty(0) for name in ("active_days", "weeks_with_new", "weekdays", "growth")}
    begin = np.searchsorted(ties.caller, np.arange(n))
    active = np.bitwise_count(scene.active).sum(axis=1, dtype=np.float64)
    on_weekdays = np.bitwise_count(scene.active & weekday_bits(scene.windows)).sum(axis=1, dtype=np.float64)
    weeks = np.unique(ties.caller * np.int64(1 << 32) + ties.first // (PERIOD_DAYS * DAY)) >> 32
    first = np.minimum.reduceat(ties.first, begin)
    middle = (first + np.maximum.reduceat(ties.last, begin)) // 2
    late = scene.total((ties.out > 0) & (ties.first > middle[ties.caller]))
    return {
        "active_days": active,
        "weeks_with_new": np.bincount(weeks, minlength=n).astype(np.float64),
        "weekdays": _over(on_weekdays, active),
        "growth": _over(late, scene.total(ties.out > 0)),
    }


def _contact_entropy(scene: Scene) -> Floats:
    """Entropy of the contacts made, over the callees, divided by the largest possible."""
    out = scene.ties.out.astype(np.float64)
    share = out / np.maximum(scene.total(out), 1.0)[scene.ties.caller]
    entropy = scene.total(-share * np.log2(np.where(share > 0, share, 1.0)))
    callees = scene.total(scene.ties.out > 0)
    return np.where(callees > 1, entropy / np.log2(np.maximum(callees, 2.0)), np.nan)


def _entropy(counts: Floats) -> Floats:
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    return np.asarray(-(share * np.log2(np.where(share > 0, share, 1.0))).sum(axis=1))


def _over(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.maximum(whole, 1.0), np.nan)
