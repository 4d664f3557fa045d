"""Ties at work: most of the team, and a few from the rest of the house."""

import numpy as np
import numpy.typing as npt

from circlegraph.synth.contacts import Pairs, pair_up, pairs_of
from circlegraph.synth.kinds import COWORKER, TEAM
from circlegraph.synth.population import People
from circlegraph.synth.rng import generator
from circlegraph.synth.settings import Settings
from circlegraph.synth.workplaces import Workplaces

Rows = npt.NDArray[np.int64] | npt.NDArray[np.int32]
PARTING_DAYS = 12.0
"""Mean days for which colleagues go on phoning after one has left."""


def work_pairs(settings: Settings, people: People, work: Workplaces) -> list[Pairs]:
    """Ties of colleagues for as long as both work there."""
    rng = generator(settings.seed, "colleagues")
    spells = len(work.person)
    left, right = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for step in range(1, min(2 * settings.population.team, spells)):
        near = work.team[:-step] == work.team[step:]
        kept = np.flatnonzero(near & (rng.random(spells - step) < settings.ties.team_ties))
        left.append(kept)
        right.append(kept + step)
    team = _joined(work, np.concatenate(left), np.concatenate(right), TEAM, rng)
    renewal = 1.0 + settings.days / settings.ties.life["coworker"]
    mean = settings.ties.coworkers * renewal * people.sociality[work.person]
    stubs = np.repeat(np.arange(spells, dtype=np.int32), rng.poisson(mean))
    a, b = pair_up(rng, stubs, work.workplace[stubs].astype(np.int64))
    same = work.workplace[a] == work.workplace[b]
    return [team, _joined(work, a[same], b[same], COWORKER, rng)]


def _joined(work: Workplaces, a: Rows, b: Rows, kind: int, rng: np.random.Generator) -> Pairs:
    begin = np.maximum(work.begin[a], work.begin[b])
    end = np.minimum(work.end[a], work.end[b])
    later = end + (rng.standard_exponential(len(a)) * PARTING_DAYS).astype(np.int64)
    worked = begin < end
    return pairs_of(work.person[a][worked], work.person[b][worked], kind, begin[worked], later[worked])
