"""Windows of time: lengths, days, weeks, and how times are written."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlegraph.contacts.windows import DAY, Windows, as_text, wall_clock
from circlegraph.errors import InputError, SettingsError


@given(st.integers(-30_000 * DAY, 30_000 * DAY), st.lists(st.integers(1, 200 * DAY), min_size=1, max_size=3))
def test_every_day_of_a_window_has_one_bit_in_one_week(begin: int, lengths: list[int]) -> None:
    cuts = [begin]
    for length in lengths:
        cuts.append(cuts[-1] + length)
    windows = Windows(tuple(cuts))
    assert len(windows) == len(lengths)
    for w, length in enumerate(lengths):
        assert windows.length(w) == length / DAY
        days = range(cuts[w] // DAY, (cuts[w + 1] - 1) // DAY + 1)
        weeks: dict[tuple[int, int], set[int]] = {}
        for bit, day in enumerate(days):
            week = (date(1970, 1, 1) + timedelta(days=day)).isocalendar()[:2]
            weeks.setdefault(week, set()).add(bit)
        masks = windows.week_masks(w)
        assert masks.shape[1] == windows.words[w + 1] - windows.words[w] == (len(days) - 1) // 64 + 1
        found = [
            {64 * i + k for i, word in enumerate(m.tolist()) for k in range(64) if word >> k & 1}
            for m in masks
        ]
        assert found == list(weeks.values())


@given(st.integers(0, 30 * DAY), st.integers(0, 30 * DAY), st.integers(-DAY, 61 * DAY))
def test_windows_around_a_split_hold_all_events(first: int, more: int, split: int) -> None:
    last = first + more
    if not first < split <= last:
        with pytest.raises(InputError, match="no events on one side"):
            Windows.around(split, first, last)
        return
    begin, middle, end = Windows.around(split, first, last).edges
    assert (begin % DAY, middle, end % DAY) == (0, split, 0)
    assert begin <= first < begin + DAY
    assert end - DAY <= last < end
    shorter = (max(begin, split - 3 * DAY), split, min(end, split + 2 * DAY))
    assert Windows.around(split, first, last, 3, 2).edges == shorter


def test_an_empty_window() -> None:
    with pytest.raises(SettingsError, match="is empty"):
        Windows.single(DAY, DAY)


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(lambda t: t.replace(microsecond=0)))
def test_times_as_text(moment: datetime) -> None:
    second = wall_clock(moment)
    assert second == (moment - datetime(1970, 1, 1)) // timedelta(seconds=1)
    assert wall_clock(as_text(second)) == second
    assert wall_clock(moment.date()) == second // DAY * DAY
