"""The quality suite: how well methods find what was planted. `python -m benchmarks --only quality`.

How to add a method that finds second numbers:

1. Write `benchmarks/quality/methods/NAME.py` with `rank(world) -> DataFrame`: one row per number and candidate,
   with `number`, `second_number`, `probability` (any score in [0, 1] will do) and, where the method decides for
   itself, `accepted`. `world` is a `World` (`world.py`): records, split time, own numbers, the operator's tables;
   raise `NotAvailableError` if it cannot run. The truth is out of its reach.
2. Add a `Method("Label", NAME.rank)` to `METHODS` in `methods/__init__.py`; `is_probability=True` if its score is
   meant as one, so that Brier score and reliability are judged.
3. Tune it on other worlds than it is judged on, small ones first: `python -m benchmarks --only quality --tuning
   --questions second-numbers --presets easy --seeds 1 --subscribers 500`, then all: `... --tuning`.
4. Compare: `python -m benchmarks --only quality`. Tables, `build/quality.json` and `build/quality.html` show it beside
   the baselines; what counts as right is written in `truth.py`, what is measured in `judge.py` and `metrics.py`.
5. Keep the figures: `python -m benchmarks --only quality --update-baseline`; a later fall is then an error.

Families, account managers, second numbers at any time and weekly movement: `families.py`, `managers.py`, `onsets.py`
and `movement.py` say what a method gives and list it in `METHODS`; `--questions families --tuning` runs one of them.
"""
