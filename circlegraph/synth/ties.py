"""Ties between people: kind, strength, who begins, and from when to when.

A tie is alive on begin <= day < end. Numbers of ties are stationary: as many begin as end, for everybody.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.colleagues import work_pairs
from circlegraph.synth.contacts import Pairs, friends_of, loose_contacts
from circlegraph.synth.kin import kin_pairs
from circlegraph.synth.kinds import FRIEND, NEVER, TIE_KINDS
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator
from circlegraph.synth.settings import Settings
from circlegraph.synth.workplaces import Workplaces


@dataclass(frozen=True)
class Ties:
    """All ties in order of kind.

    Attributes
    ----------
    a, b : ndarray of int32, shape (ties,)
        The two people.
    kind : ndarray of int8
        Codes of `kinds.TIE_KINDS`.
    strength : ndarray of float32
        Expected events a day while the tie lives.
    awake : ndarray of float32
        Share of the days on which it is awake; awake ties are 1/awake as busy.
    begin, end : ndarray of int16
        Days.
    a_begins, texts : ndarray of uint8
        Shares of events that ``a`` begins, and that are texts, in 1/255.
    starts : ndarray of int64, shape (kinds + 1,)
        Where each kind begins.
    """

    a: npt.NDArray[np.int32]
    b: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int8]
    strength: npt.NDArray[np.float32]
    awake: npt.NDArray[np.float32]
    begin: npt.NDArray[np.int16]
    end: npt.NDArray[np.int16]
    a_begins: npt.NDArray[np.uint8]
    texts: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]


def make_ties(settings: Settings, people: People, work: Workplaces) -> Ties:
    """Draw all ties of the city."""
    parts = [
        *kin_pairs(settings, people),
        *work_pairs(settings, people, work),
        friends_of(settings, people),
        loose_contacts(settings, people),
    ]
    pairs = _once(parts, people.count)
    return _weighted(settings, people, pairs)


def _once(parts: list[Pairs], people: int) -> Pairs:
    """Join lists of pairs; nobody is tied to himself, and of two ties of a pair the first named is kept."""
    a = np.concatenate([part.a for part in parts])
    b = np.concatenate([part.b for part in parts])
    low, high = np.minimum(a, b).astype(np.int64), np.maximum(a, b).astype(np.int64)
    _, kept = np.unique(low * people + high, return_index=True)
    kept = kept[low[kept] != high[kept]]
    kind = np.concatenate([part.kind for part in parts])[kept]
    order = np.argsort(kind, kind="stable")
    kept = kept[order]
    return Pairs(
        a[kept],
        b[kept],
        kind[order],
        np.concatenate([part.begin for part in parts])[kept],
        np.concatenate([part.end for part in parts])[kept],
        np.concatenate([part.boost for part in parts])[kept],
    )


def _weighted(settings: Settings, people: People, pairs: Pairs) -> Ties:
    rng = generator(settings.seed, "tie strengths")
    rules, count = settings.ties, len(pairs.a)
    mean = np.array([rules.strength[kind] for kind in TIE_KINDS])
    sigma = rules.strength_sigma * np.array([0.45, 0.7, 0.8, 1.0, 1.2, 1.0, 1.0, 1.0])[pairs.kind]
    noise = np.exp(rng.standard_normal(count, dtype=np.float32) * sigma - sigma**2 / 2)
    social = np.sqrt(people.sociality[pairs.a] * people.sociality[pairs.b])
    strength = mean[pairs.kind] * noise * social * pairs.boost
    begin, end = _spells(settings, people, pairs, strength / mean[pairs.kind], rng)
    alive = (begin < end) & (end > 0) & (begin < settings.days) & (strength > 0)
    lived = (np.minimum(end, settings.days) - np.maximum(begin, 0)).clip(0)
    total = 2.0 * float((strength * lived).sum()) / (settings.days * people.count)
    # A chain is an event and its train; strengths count chains, events_per_day counts events.
    chains = settings.ties.events_per_day * (1.0 - settings.rhythm.train) / max(total, 1e-12)
    strength = np.minimum(strength * chains, 25.0)
    awake = np.clip(settings.rhythm.on_share * (1.0 + 4.0 * strength), settings.rhythm.on_share, 1.0)
    p = settings.rhythm.asymmetry
    a_begins = (rng.beta(p, p, count) * 255).astype(np.uint8)
    texts = (rng.beta(0.8, 0.8 * (1 / max(settings.rhythm.text_share, 1e-3) - 1) + 1e-3, count) * 255).astype(
        np.uint8
    )
    if settings.rhythm.text_share == 0:
        texts[:] = 0
    kind = pairs.kind[alive]
    return Ties(
        pairs.a[alive],
        pairs.b[alive],
        kind,
        strength[alive].astype(np.float32),
        awake[alive].astype(np.float32),
        begin[alive].astype(np.int16),
        end[alive].astype(np.int16),
        a_begins[alive],
        texts[alive],
        np.searchsorted(kind, np.arange(len(TIE_KINDS) + 1)),
    )


def _spells(
    settings: Settings,
    people: People,
    pairs: Pairs,
    relative: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Begin and end of each tie: its given spell, cut by a life that is longer for stronger ties."""
    life = np.array([settings.ties.life[kind] for kind in TIE_KINDS])[pairs.kind]
    life = life * np.clip(relative, 0.15, 6.0) ** 0.5
    begin = pairs.begin.astype(np.int64)
    lasting = np.minimum(rng.standard_exponential(len(life)) * life, 2.0 * NEVER).astype(np.int64) + 1
    end = np.minimum(pairs.end, np.maximum(begin, 0) + lasting)
    presence_begin = np.maximum(people.first_day[pairs.a], people.first_day[pairs.b])
    presence_end = np.minimum(people.last_day[pairs.a], people.last_day[pairs.b])
    # Friends that somebody loses are replaced: a tie of equal rights is born at a random day of the window.
    renewed = (
        (pairs.kind >= FRIEND)
        & (pairs.begin <= -NEVER)
        & (rng.random(len(life)) < settings.days / (settings.days + life))
    )
    born = rng.integers(0, max(1, settings.days), len(life))
    begin = np.where(renewed, born, begin)
    end = np.where(renewed, np.minimum(pairs.end, born + lasting), end)
    return np.maximum(begin, presence_begin), np.clip(np.minimum(end, presence_end), -NEVER, NEVER)
