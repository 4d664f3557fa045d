"""Second numbers: who takes one, where, from which day, and how contacts move over to it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circlegraph.synth.kinds import (
    BY_CONTACT,
    BY_DIRECTION,
    DATA_ONLY,
    FULL,
    GRADUAL,
    GROUP,
    HELD,
    MODES,
    NEVER,
    NUMBER_CHANGE,
    RANDOM,
)
from circlegraph.synth.managers import Managers
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator, hashed
from circlegraph.synth.settings import Settings
from circlegraph.synth.takers import Takers, make_takers
from circlegraph.synth.workplaces import Workplaces

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class SecondNumbers:
    """Second numbers, one entry each, in order of person.

    Attributes
    ----------
    person : ndarray of int32
        Owner.
    network, mode, cause : ndarray of int8
        Network that sold it; codes of `kinds.MODES` and `kinds.CAUSES`.
    onset : ndarray of int32
        First day of use; below 0 when held since before the window.
    ramp : ndarray of int32
        Days that the change takes.
    share : ndarray of float32
        Share of contacts (by_contact, gradual, full) or of events that moves in the end; what a complete change
        leaves behind is lost, but for the family.
    first_ends : ndarray of int32
        Day from which the old number is silent, or NEVER.
    forwards_from : ndarray of int32
        Day from which the old number forwards to the second one, or NEVER.
    manager, group : ndarray of int32
        Index of the manager who won it, and workplace that moved together, or -1.
    """

    person: Ints
    network: npt.NDArray[np.int8]
    mode: npt.NDArray[np.int8]
    cause: npt.NDArray[np.int8]
    onset: Ints
    ramp: Ints
    share: Floats
    first_ends: Ints
    forwards_from: Ints
    manager: Ints
    group: Ints


def make_second_numbers(
    settings: Settings, people: People, network: npt.NDArray[np.int8], work: Workplaces, managers: Managers
) -> SecondNumbers:
    """Draw who takes a second number and how he uses it."""
    rng = generator(settings.seed, "second numbers")
    return _use(settings, make_takers(settings, people, network, work, managers, rng), rng)


def _use(settings: Settings, takers: Takers, rng: np.random.Generator) -> SecondNumbers:
    rules, size, cause = settings.second_numbers, len(takers.person), takers.cause
    weights = np.array([rules.modes.get(mode, 0.0) for mode in MODES])
    mode = rng.choice(len(MODES), size, p=weights / weights.sum())
    together = np.array([BY_CONTACT, GRADUAL, FULL])
    mode = np.where((cause == GROUP) & ~np.isin(mode, together), together[rng.integers(0, 3, size)], mode)
    # Old second cards are in steady use: whoever has changed over completely holds one number again.
    mode = np.where((cause == HELD) & ((mode == FULL) | (mode == GRADUAL)), BY_CONTACT, mode)
    mode = np.where(cause == NUMBER_CHANGE, FULL, mode)
    share = rng.uniform(rules.moved_low, rules.moved_high, size)
    afresh = rng.random(size) < rules.fresh_starts
    share = np.where(mode == FULL, np.where(afresh, 0.1, 1.0 - rules.lost), share)
    share = np.where(mode == BY_DIRECTION, 0.5 + 0.5 * share, share)
    share = np.where(mode == DATA_ONLY, 0.0, share)
    low = np.array([1, 3, 1, 1, 15, 4])[mode]
    high = np.array([2, 12, 4, 8, 45, 14])[mode]
    ramp = rng.integers(low, high + 1)
    ends = np.where(mode == FULL, takers.onset + ramp + rng.integers(0, 10, size), NEVER)
    forwards = (mode != DATA_ONLY) & (rng.random(size) < rules.forwarding)
    since = np.where(forwards, np.maximum(takers.onset + rng.integers(0, 10, size), -400), NEVER)
    return SecondNumbers(
        person=takers.person,
        network=takers.network,
        mode=mode.astype(np.int8),
        cause=cause,
        onset=takers.onset,
        ramp=ramp.astype(np.int32),
        share=share.astype(np.float32),
        first_ends=ends.astype(np.int32),
        forwards_from=since.astype(np.int32),
        manager=takers.manager,
        group=takers.group,
    )


def progress(second: SecondNumbers, day: int) -> Floats:
    """Share of each second number's change that is done on a day, between 0 and 1."""
    done: Floats = np.clip((day - second.onset + 1) / second.ramp, 0.0, 1.0).astype(np.float32)
    return done


def lasting(seed: int, second: SecondNumbers, entry: Ints, contact: Ints) -> Floats:
    """Say how late each contact of an owner follows, between 0 and 1; it never changes."""
    return hashed(seed, "who moves", second.person[entry], contact)


def on_second(
    seed: int,
    slips: float,
    second: SecondNumbers,
    entry: Ints,
    contact: Ints,
    outgoing: npt.NDArray[np.bool_],
    day: int,
    dice: Floats,
) -> npt.NDArray[np.bool_]:
    """Whether each event of an owner of two numbers runs over the second one.

    Parameters
    ----------
    seed : int
        Seed of the city.
    slips : float
        Share of events that run over the other number, against habit.
    second : SecondNumbers
        All second numbers.
    entry : ndarray of int32, shape (n,)
        The owner's row in ``second``.
    contact : ndarray of int32, shape (n,)
        The person at the other end.
    outgoing : ndarray of bool, shape (n,)
        Whether the owner begins the event.
    day : int
        Day of the window.
    dice : ndarray of float32, shape (n,)
        Uniform numbers for those who choose anew each time, and for slips.
    """
    mode = second.mode[entry]
    moved = second.share[entry] * progress(second, day)[entry]
    follows = lasting(seed, second, entry, contact)
    anew = (mode == RANDOM) | (mode == BY_DIRECTION)
    # By direction: he phones from the new number, but most go on calling the old one.
    moved = np.where((mode == BY_DIRECTION) & ~outgoing, 0.1 * moved, moved)
    chosen = np.where(anew, dice, follows) < moved
    chosen ^= ~anew & (moved > 0) & (dice < slips)
    chosen |= (day >= second.first_ends)[entry]
    result: npt.NDArray[np.bool_] = chosen
    return result
