"""What was said on earlier nights against what has become known since, and what tonight's probabilities promise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from circlegraph.nightly.customer_tables import plain_numbers
from circlegraph.nightly.night import Night
from circlegraph.nightly.past import apart, earlier, stacked

if TYPE_CHECKING:
    import pandas as pd

REACH, APART = 180, 7
"""Days back that nights are looked at, and how far apart."""
HORIZON = 60
"""Days within which a loss must come for a churn propensity to have been right."""
QUESTIONS = {
    "second numbers": ("known_second_numbers", "second_numbers/pairs.parquet", ("number", "second_number")),
    "ties of families": ("known_families", "families/pairs.parquet", ("number_a", "number_b")),
    "account managers": ("known_managers", "managers/managers.parquet", ("number",)),
}
"""Question, table of what is known, table of what was said, columns of numbers."""
PROPENSITY, CONTROL = f"churn within {HORIZON} days", "work list: loss in the control group"
KNOWN = "known.parquet"
YES = ("1", "1.0", "true", "yes")


def past(night: Night) -> list[Path]:
    """Earlier results that what is known now is compared with."""
    tables = night.settings.tables
    dates = [path.parent.parent for path in apart(earlier(night, f"calibration/{KNOWN}", REACH), APART)]
    paths = [folder / "calibration" / KNOWN for folder in dates]
    for table, file, _ in QUESTIONS.values():
        if getattr(tables, table) is not None:
            paths += [folder / file for folder in dates]
    if tables.outcomes is not None:
        paths += apart(earlier(night, "labels/coded.parquet", REACH + HORIZON), 2 * APART)
    if tables.feedback is not None:
        paths += earlier(night, "worklist/worklist.parquet", REACH)
    return [path for path in paths if path.exists()]


def run(night: Night, folder: Path) -> dict[str, Any]:
    """Write probability and outcome of each claim that has become known, what is known now, and the sums."""
    import pandas as pd

    from circlegraph.nightly.calibration import by_level, summary
    from circlegraph.nightly.label_schema import LEVELS

    files = past(night)
    judged, left, known = [], {}, []
    for question in QUESTIONS:
        truth = _truth(night, question)
        if truth is None:
            continue
        claims, left[question] = _claims(truth, question, files)
        judged.append(claims.assign(question=question))
        known.append(truth.assign(question=question))
    rows = _losses(night, files)
    judged.append(rows.dropna(subset=["probability"]).assign(question=PROPENSITY))
    judged.append(_control(night, files).assign(question=CONTROL))
    whole = pd.concat(judged, ignore_index=True)[["question", "probability", "right"]]
    night.write(folder / "judged.parquet", whole)
    columns = pd.DataFrame({name: pd.Series([], dtype="str") for name in ("question", "number", "other")})
    shown = pd.concat([columns, *known])[list(columns)]
    shown.to_parquet(folder / KNOWN, index=False)  # numbers stand in it as they do in the results
    sums = {
        str(question): summary(part.probability, part.right)
        for question, part in whole.groupby("question", sort=False)
    }
    found = {
        "judged": sums,
        "without a past probability": left,
        "expected": dict(_expected(night)),
        "levels": by_level(rows, LEVELS),
    }
    text = json.dumps(found, ensure_ascii=False, indent=1)
    (folder / "calibration.json").write_text(text, encoding="utf-8")
    return {"claims that became known": len(whole)}


def _truth(night: Night, question: str) -> pd.DataFrame | None:
    """number, other, right: what a table of the config knows, written as in the results; None without a table."""
    import pandas as pd

    from circlegraph.tables import read_table

    name, _, columns = QUESTIONS[question]
    path = getattr(night.settings.tables, name)
    if path is None:
        return None
    answer = {"known_second_numbers": "true", "known_families": "family", "known_managers": "kind"}[name]
    table = read_table(path, (*columns, answer))
    sides = [plain_numbers(table[column], night.country) for column in columns]
    if name == "known_families":
        sides = [np.minimum(*sides), np.maximum(*sides)]
    word = table[answer].to_pandas().astype("str").fillna("").str.strip().str.lower()
    right = word.eq("manager") if answer == "kind" else word.isin(YES)
    other = sides[1] if len(sides) > 1 else np.full(len(right), "", dtype=object)
    truth = pd.DataFrame({"number": sides[0], "other": other, "right": right.astype(np.float64)})
    truth = truth[((word != "") & (truth["number"] != "")).to_numpy()].reset_index(drop=True)
    hidden = ["number", "other"][: len(sides)]
    truth[hidden] = night.mask.on(truth[hidden])
    made: pd.DataFrame = truth
    return made


def _claims(truth: pd.DataFrame, question: str, files: list[Path]) -> tuple[pd.DataFrame, int]:
    """Past probabilities of what is known now; and of how many there are none."""
    import pandas as pd

    from circlegraph.nightly.calibration import past_probabilities

    _, file, columns = QUESTIONS[question]

    def nights() -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        for path in reversed([path for path in files if path.name == KNOWN]):
            told = path.parent.parent / file
            if not told.exists():
                continue
            names = dict(zip(columns, ("number", "other"), strict=False))
            said = pd.read_parquet(told, columns=[*columns, "probability"]).rename(columns=names)
            if len(columns) == 1:
                said = said.assign(other="")
            known = pd.read_parquet(path)
            yield said, known[known["question"] == question]

    return past_probabilities(truth, nights())


def _losses(night: Night, files: list[Path]) -> pd.DataFrame:
    from circlegraph.nightly.calibration import losses

    paths = [path for path in files if path.parent.name == "labels"]
    return losses(stacked(night, paths), night.tables.lost(), night.date, HORIZON)


def _control(night: Night, files: list[Path]) -> pd.DataFrame:
    """Chance of a loss of those who were held out, and whether they were lost."""
    import pandas as pd

    from circlegraph.nightly.feedback import with_results
    from circlegraph.nightly.worklist import CONTROL as HELD_OUT

    outcomes = night.tables.frame("feedback")
    lists = stacked(night, [path for path in files if path.parent.name == "worklist"])
    if outcomes is None or lists is None:
        return pd.DataFrame({"probability": [], "right": []})
    listed, _ = with_results(lists, outcomes[outcomes["date"] <= pd.Timestamp(night.date)])
    held = listed[(listed["group"] == HELD_OUT) & listed["kept"].notna()]
    return pd.DataFrame({"probability": held["probability"], "right": 1 - held["kept"]})


def _expected(night: Night) -> Iterator[tuple[str, Any]]:
    """What tonight's probabilities promise of what was accepted."""
    from circlegraph.nightly.calibration import expected

    for question, (_, file, _) in QUESTIONS.items():
        stage, table = file.removesuffix(".parquet").split("/")
        frame = night.frame(stage, table, ("probability", "accepted"))
        if frame is None:
            continue
        found = expected(frame, frame["accepted"] if "accepted" in frame else frame["probability"] >= 0.5)
        if found is not None:
            yield question, found
    labels = night.frame("labels", "coded", ("churn_propensity",))
    if labels is not None and labels["churn_propensity"].notna().any():
        labels = labels.rename(columns={"churn_propensity": "probability"})
        yield PROPENSITY, expected(labels, labels["probability"].notna())
