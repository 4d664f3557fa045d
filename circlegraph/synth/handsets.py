"""Handsets: which device each number sits in, new handsets, old ones handed down, dual slots."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from circlegraph.synth.kinds import NEVER
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator
from circlegraph.synth.second_numbers import SecondNumbers
from circlegraph.synth.settings import Settings

Ints = npt.NDArray[np.int32]
SLOTS = 2
MODELS = 40


@dataclass(frozen=True)
class Handsets:
    """Device of each number: ``before`` until ``change`` day, then ``after``; ``code`` names it."""

    before: Ints
    after: Ints
    change: Ints
    code: npt.NDArray[np.int64]


def make_handsets(settings: Settings, people: People, second: SecondNumbers, entities: int) -> Handsets:
    """Give out handsets; a second number sits in the same device, its other slot, or a device of its own."""
    rng = generator(settings.seed, "handsets")
    before = np.arange(entities, dtype=np.int64)
    after = before.copy()
    change = np.full(entities, NEVER, dtype=np.int64)
    renewed = np.flatnonzero(
        rng.random(entities) < 1.0 - np.exp(-settings.days / settings.population.handset_life)
    )
    change[renewed] = rng.integers(0, max(1, settings.days), len(renewed))
    after[renewed] += entities
    _hand_down(settings, people, rng, renewed, after, change)

    owner = second.person
    size = len(owner)
    inside = rng.random(size) < settings.second_numbers.same_handset
    other_slot = inside & (rng.random(size) < 0.5)
    separate = 2 * entities + np.arange(size)
    second_before = np.where(inside, SLOTS * before[owner] + other_slot, SLOTS * separate)
    second_after = np.where(inside, SLOTS * after[owner] + other_slot, SLOTS * separate)
    all_before = np.concatenate([SLOTS * before, second_before])
    all_after = np.concatenate([SLOTS * after, second_after])
    code, device = np.unique(np.concatenate([all_before, all_after]), return_inverse=True)
    return Handsets(
        device[: len(all_before)].astype(np.int32),
        device[len(all_before) :].astype(np.int32),
        np.concatenate([change, change[owner]]).astype(np.int32),
        code,
    )


def _hand_down(
    settings: Settings,
    people: People,
    rng: np.random.Generator,
    renewed: npt.NDArray[np.int64],
    after: npt.NDArray[np.int64],
    change: npt.NDArray[np.int64],
) -> None:
    """Let a family member go on with an old handset: one device, two numbers, two people."""
    giver = renewed[(renewed < people.count) & (rng.random(len(renewed)) < settings.population.handed_down)]
    home = people.households.household
    heir = np.where(giver + 1 < people.count, giver + 1, giver - 1)
    good = (home[heir] == home[giver]) & (change[heir] == NEVER) & (change[giver] + 3 < settings.days)
    giver, heir = giver[good], heir[good]
    after[heir] = giver
    change[heir] = change[giver] + 3


def imei_text(code: npt.NDArray[np.int64]) -> Any:
    """IMEIs of device codes as an Arrow string array: model, serial number, check digit."""
    import pyarrow as pa

    handset, slot = code // SLOTS, code % SLOTS
    model = 86012303 + 1009 * (handset % MODELS)
    body = model * 10**6 + (handset // MODELS) * SLOTS + slot
    total = np.zeros(len(body), dtype=np.int64)
    for place in range(14):
        digit = body // 10**place % 10
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled // 10 + doubled % 10
    return pa.array(body * 10 + (10 - total % 10) % 10).cast(pa.string())
