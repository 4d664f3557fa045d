"""Ties between people: kind, strength, who begins, and from when to when.

A tie is alive on begin <= day < end. Numbers of ties are stationary: as many begin as end, for everybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from circlegraph.synth.colleagues import work_pairs
from circlegraph.synth.contacts import Pairs, friends_of, loose_contacts
from circlegraph.synth.kin import kin_pairs
from circlegraph.synth.kinds import ELDER, FRIEND, NEVER, TIE_KINDS
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator
from circlegraph.synth.settings import Settings
from circlegraph.synth.workplaces import Workplaces

BLOCK = 2_000_000
"""Ties that are given their strength at a time, which bounds the memory."""
HARDLY = 0.08
"""Factor on the calls of close ties that live in messengers (assumed)."""
_SPREAD = np.array([0.45, 0.7, 0.8, 1.0, 1.2, 1.0, 1.0, 1.0])
"""Spread of strength within each kind, in units of ``strength_sigma``."""


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


def make_ties(settings: Settings, people: People, work: Workplaces, seen: npt.NDArray[np.bool_]) -> Ties:
    """Draw the ties of the city.

    Parameters
    ----------
    settings : Settings
        Settings of the city.
    people, work
        Who lives and works where.
    seen : ndarray of bool, shape (people,)
        Who ever holds an own number. Ties between two others never show and are left out.

    Returns
    -------
    Ties
        Ties that are alive at some time of the window.
    """
    return _weighted(settings, people, _once(_candidates(settings, people, work), people, seen), seen)


def _candidates(settings: Settings, people: People, work: Workplaces) -> Iterator[Pairs]:
    """Yield lists of possible ties; where a pair is named twice, the first naming counts."""
    yield from kin_pairs(settings, people)
    yield from work_pairs(settings, people, work)
    yield friends_of(settings, people)
    yield from loose_contacts(settings, people)


def _once(candidates: Iterator[Pairs], people: People, seen: npt.NDArray[np.bool_]) -> Pairs:
    """Join lists of pairs in order of kind, each pair once, nobody with himself."""
    parts = []
    for part in candidates:
        # Whoever shares a phone is reached on the other one's.
        part = replace(part, a=people.phone_of[part.a], b=people.phone_of[part.b])
        kept = (seen[part.a] | seen[part.b]) & (part.a != part.b)
        parts.append(part.take(np.flatnonzero(kept)))
    pairs = Pairs(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Pairs.__annotations__)
    )
    parts.clear()
    key = np.minimum(pairs.a, pairs.b).astype(np.int64) * people.count + np.maximum(pairs.a, pairs.b)
    _, first = np.unique(key, return_index=True)
    first = first[np.argsort(pairs.kind[first], kind="stable")]
    return pairs.take(first)


def _weighted(settings: Settings, people: People, pairs: Pairs, seen: npt.NDArray[np.bool_]) -> Ties:
    """Give every pair its strength, spell and habits, a block at a time."""
    count = len(pairs.a)
    strength = np.empty(count, dtype=np.float32)
    begin, end = np.empty(count, dtype=np.int16), np.empty(count, dtype=np.int16)
    a_begins, texts = np.empty(count, dtype=np.uint8), np.empty(count, dtype=np.uint8)
    for block, low in enumerate(range(0, count, BLOCK)):
        rows = slice(low, min(count, low + BLOCK))
        part = pairs.take(rows)
        rng = generator(settings.seed, "tie strengths", block)
        strength[rows], begin[rows], end[rows] = _strengths_and_spells(settings, people, part, rng)
        a_begins[rows], texts[rows] = _habits(settings, rng, len(part.a))
    lived = (np.minimum(end, settings.days) - np.maximum(begin, 0)).clip(0)
    sides = seen[pairs.a].astype(np.float32) + seen[pairs.b]
    total = float((strength * lived * sides).sum(dtype=np.float64)) / (
        settings.days * max(1, int(seen.sum()))
    )
    # A chain is an event and its train; strengths count chains, events_per_day counts events.
    length = 1.0 + settings.rhythm.train / (1.0 - settings.rhythm.train_on)
    strength *= np.float32(settings.ties.events_per_day / length / max(total, 1e-12))
    np.minimum(strength, np.float32(25.0), out=strength)
    alive = np.flatnonzero((lived > 0) & (strength > 0))
    strength = strength[alive]
    on_share = np.float32(settings.rhythm.on_share)
    kind = pairs.kind[alive]
    return Ties(
        a=pairs.a[alive],
        b=pairs.b[alive],
        kind=kind,
        strength=strength,
        awake=np.clip(on_share * (1 + 4 * strength), on_share, np.float32(1.0)),
        begin=begin[alive],
        end=end[alive],
        a_begins=a_begins[alive],
        texts=texts[alive],
        starts=np.searchsorted(kind, np.arange(len(TIE_KINDS) + 1)),
    )


def _strengths_and_spells(
    settings: Settings, people: People, pairs: Pairs, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Strength before scaling, and begin and end: the given spell, cut by a life longer for stronger ties."""
    rules = settings.ties
    mean = np.array([rules.strength[kind] for kind in TIE_KINDS], dtype=np.float32)[pairs.kind]
    sigma = (rules.strength_sigma * _SPREAD).astype(np.float32)[pairs.kind]
    relative = np.exp(rng.standard_normal(len(mean), dtype=np.float32) * sigma - sigma**2 / 2)
    relative *= np.sqrt(people.sociality[pairs.a] * people.sociality[pairs.b]) * pairs.boost

    life = (
        np.array([rules.life[kind] for kind in TIE_KINDS])[pairs.kind] * np.clip(relative, 0.15, 6.0) ** 0.5
    )
    written = (pairs.kind <= ELDER) & (rng.random(len(life)) < rules.messengers)
    relative *= np.where(written, np.float32(HARDLY), np.float32(1.0))
    begin = pairs.begin.astype(np.int64)
    lasting = np.minimum(rng.standard_exponential(len(life)) * life, 2.0 * NEVER).astype(np.int64) + 1
    # Friends that somebody loses are replaced: a tie of equal rights is born at a random day of the window.
    renewed = (pairs.kind >= FRIEND) & (begin <= -NEVER)
    renewed &= rng.random(len(life)) < settings.days / (settings.days + life)
    born = rng.integers(0, max(1, settings.days), len(life))
    begin = np.where(renewed, born, begin)
    end = np.minimum(pairs.end, np.maximum(begin, 0) + lasting)
    begin = np.maximum(begin, np.maximum(people.first_day[pairs.a], people.first_day[pairs.b]))
    end = np.minimum(end, np.minimum(people.last_day[pairs.a], people.last_day[pairs.b]))
    return (mean * relative).astype(np.float32), begin, np.clip(end, -NEVER, NEVER)


def _habits(
    settings: Settings, rng: np.random.Generator, count: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Share of events that ``a`` begins, and share of texts, of each tie in 1/255."""
    p, mean = settings.rhythm.asymmetry, settings.rhythm.text_share
    a_begins = (rng.beta(p, p, count) * 255).astype(np.uint8)
    if mean in (0.0, 1.0):
        return a_begins, np.full(count, round(255 * mean), dtype=np.uint8)
    return a_begins, (rng.beta(0.8, 0.8 * (1 / mean - 1), count) * 255).astype(np.uint8)
