"""Warnings in plain words, English or Chinese: which indicators fired, with their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlegraph.detect.weekly_movement.points import FIGURES, Figures, Points

if TYPE_CHECKING:
    import pandas as pd

PHRASES = {
    "en": {
        "arpu_drop": "the bill fell {share} below the mean of the 3 months before",
        "mou_drop": "minutes of use fell {share} below the mean of the 3 months before",
        "second_number": "uses a second number (probability {value:.2f})",
        "off_net_share": "{share} of calls made in 4 weeks went to other networks",
        "off_net_share before": "{share} of calls made in 4 weeks went to other networks, {usual} before",
        "forwarded_share": "{share} of the time on calls in 4 weeks was forwarded",
        "forwards_away": "forwards to a competitor's number",
        "approaches": "approached by an account manager {times} in {days} days",
        "silent_week": "a week without calls",
        "outgoing_share": "at most {share} of calls are outgoing, three months running",
        "arrears": "in arrears for {value:.0f} months",
        "circle_residual": "the balance of his steady circle is {kept}, usually {usually_kept}",
        "family_left": "{value:.0f} of his family or close contacts moved or left",
        "competitor_calls": "called competitors' service numbers {times} this week",
        "volume_z": "the week's volume lies {below:.1f} robust deviations below his usual",
        "untold": "too little is known for a level: {value:.0f} of {possible:.0f} points",
        "once": "once",
        "times": "{value:.0f} times",
    },
    "zh": {
        "arpu_drop": "账单较前3个月均值下降{share}",
        "mou_drop": "通话分钟数较前3个月均值下降{share}",
        "second_number": "使用第二号码(概率{value:.2f})",
        "off_net_share": "近4周主叫中{share}拨往异网",
        "off_net_share before": "近4周主叫中{share}拨往异网,此前为{usual}",
        "forwarded_share": "近4周通话时长的{share}被呼叫转移",
        "forwards_away": "呼叫转移至异网号码",
        "approaches": "{days}天内被异网客户经理接触{times}",
        "silent_week": "一周无通话",
        "outgoing_share": "主叫占比连续三个月不高于{share}",
        "arrears": "欠费{value:.0f}个月",
        "circle_residual": "稳定交往圈动态平衡为{kept},平时为{usually_kept}",
        "family_left": "家庭成员或密切联系人中{value:.0f}人已转网或离网",
        "competitor_calls": "本周拨打竞争对手客服{times}",
        "volume_z": "本周通信量低于平时{below:.1f}个稳健标准差",
        "untold": "已知信息不足以评级:{value:.0f}/{possible:.0f}分",
        "once": "1次",
        "times": "{value:.0f}次",
    },
}
"""By language and figure."""


def in_words(
    figures: Figures,
    fires: dict[str, NDArray[np.bool_]],
    points: Points,
    possible: NDArray[np.float64],
    language: str = "en",
) -> NDArray[np.object_]:
    """Reason of each number, "" where nothing fired.

    `possible` are the points that what is known could have given, where that is too little for a level; else NaN.
    """
    reasons = np.full(len(figures), "", dtype=object)
    phrases = PHRASES[language]
    untold = ~np.isnan(possible)
    at = np.flatnonzero(np.any([*fires.values(), untold], axis=0))
    for row in at.tolist():
        parts = [_phrase(name, figures, row, points, phrases) for name, fired in fires.items() if fired[row]]
        if untold[row]:
            parts.append(phrases["untold"].format(value=possible[row], possible=points.possible))
        reasons[row] = "; ".join(parts)
    return reasons


def weeks_in_words(weeks: pd.DataFrame, points: Points, language: str) -> NDArray[np.object_]:
    """Reasons of rows of `Movement.weeks` in another language.

    Examples
    --------
    >>> import pandas as pd
    >>> row = dict.fromkeys((*FIGURES, "off_net_usual", "circle_usual", "forwards_away"), float("nan"))
    >>> row |= {"mou_drop": 0.4, "fired": "mou_drop", "known_points": 20.0, "level": "low"}
    >>> weeks_in_words(pd.DataFrame([row]), Points(), "zh").tolist()
    ['通话分钟数较前3个月均值下降40 %']
    """
    columns = {name: weeks[name].to_numpy(np.float64) for name in FIGURES}
    more = (weeks[name].to_numpy(np.float64) for name in ("off_net_usual", "circle_usual", "forwards_away"))
    names = weeks["fired"].str.split(",").tolist()
    fires = {figure: np.array([figure in row for row in names], np.bool_) for figure in FIGURES}
    possible = weeks["known_points"].where(weeks["level"].isna()).to_numpy(np.float64)
    return in_words(Figures(columns, *more), fires, points, possible, language)


def _phrase(name: str, figures: Figures, row: int, points: Points, phrases: dict[str, str]) -> str:
    value = float(figures.values[name][row])
    usual, usual_residual = float(figures.off_net_usual[row]), float(figures.circle_usual[row])
    if name == "forwarded_share" and figures.forwards_away[row] == 1:
        name = "forwards_away"
    if name == "off_net_share" and not np.isnan(usual):
        name = "off_net_share before"
    return phrases[name].format(
        value=value,
        share=_percent(value),
        usual=_percent(usual),
        kept=_percent(1 - value),
        usually_kept=_percent(1 - usual_residual),
        below=-value,
        times=phrases["once" if value == 1 else "times"].format(value=value),
        days=points.approach_days,
    )


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"
