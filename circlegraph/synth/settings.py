"""Settings of a synthetic city: every rate with its unit and where its value comes from.

*Source* in a description is either a publication or "assumed", which means: chosen by the authors so that
the city meets the published figures that `validity` compares it with.
"""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Share = float


class Group(BaseModel):
    """Base of the setting groups: unknown names are errors and values do not change once set."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def share(value: float, text: str) -> Share:
    """Field for a share between 0 and 1."""
    field: Share = Field(value, ge=0.0, le=1.0, description=text)
    return field


LARGEST = 10_000.0
"""No rate or quantity is larger: beyond, cities fill the memory and mean nothing."""


def positive(value: float, text: str, most: float = LARGEST) -> float:
    """Field for a quantity above 0."""
    field: float = Field(value, gt=0.0, le=most, description=text)
    return field


def rate(value: float, text: str, most: float = LARGEST) -> float:
    """Field for a quantity that may be 0 but not negative."""
    field: float = Field(value, ge=0.0, le=most, description=text)
    return field


def sigma(value: float, text: str) -> float:
    """Field for the spread of a logarithm."""
    return rate(value, text, most=4.0)


class Population(Group):
    """People, households, workplaces and what happens to them."""

    households: int | None = Field(
        default=None,
        gt=0,
        description="Number of households; empty: as many as the mix of household kinds gives.",
    )
    household_mix: dict[str, float] = Field(
        default={
            "single": 0.16,
            "couple": 0.20,
            "couple_child": 0.26,
            "couple_two_children": 0.08,
            "single_parent": 0.04,
            "three_generations": 0.12,
            "elder_couple": 0.09,
            "elder_single": 0.05,
        },
        description="Weights of household kinds, phone holders only. Source: near the 2010 census of China "
        "(1: 15 %, 2: 24 %, 3: 27 %, 4: 18 %, 5: 10 %; stats.gov.cn), three-generation share assumed.",
    )
    employed: Share = share(0.8, "Share of adults under 60 with a workplace. Source: assumed.")
    workplace_median: float = positive(9.0, "Median number of employees with a phone. Source: assumed.")
    workplace_sigma: float = sigma(1.1, "Sigma of log workplace size (heavy tail). Source: assumed.")
    team: int = Field(default=7, ge=2, description="People who work side by side. Source: assumed.")
    sociality_sigma: float = sigma(0.55, "Sigma of the log of how much a person phones. Source: assumed.")
    arpu_median: float = positive(
        58.0, "Median bill, local currency a month. Source: assumed, near China 2010s."
    )
    arpu_sigma: float = sigma(0.55, "Sigma of the log of the bill at equal activity. Source: assumed.")
    job_changes: float = rate(0.16, "Share of workers who change jobs a year. Source: assumed.")
    moves: float = rate(0.07, "Share of households that move house a year. Source: assumed.")
    arrivals: float = rate(
        0.06, "People new to the network and town a year, as a share of adults. Source: assumed."
    )
    marry_in: Share = share(
        0.3, "Share of adult arrivals who come as somebody's new spouse. Source: assumed."
    )
    first_phones: float = rate(
        0.15, "Share of phone-holding children whose first phone comes within a year. Assumed."
    )
    gone: float = rate(0.05, "Share of people who stop phoning for good a year. Source: assumed.")
    trips: float = rate(3.0, "Trips of 2 to 10 days a person and year. Source: assumed.", most=100.0)
    abroad: Share = share(
        0.12, "Share of trips that lead abroad: almost no calls meanwhile. Source: assumed."
    )
    roaming: Share = share(
        0.0, "Share of trips abroad on which half of the usual calls are made and recorded. Source: assumed."
    )
    arrears: Share = share(
        0.012,
        "Share of bills a month from which on a subscriber owes for one to four months; above 0, bills have a "
        "column arrears (months owed). Source: assumed.",
    )
    shared_phones: Share = share(
        0.06,
        "Share of old couples with one phone between them. Assumed; phones are shared far more in poorer "
        "countries (Blumenstock and Eagle 2012).",
    )
    festival_travel: Share = share(
        0.3, "Share of people who travel in a long public holiday. Source: assumed."
    )
    handset_life: float = positive(900.0, "Mean days between new handsets. Source: assumed, 2 to 3 years.")
    handed_down: Share = share(
        0.15, "Share of replaced handsets that a family member goes on using. Assumed."
    )


class Ties(Group):
    """Who knows whom, how strongly, and for how long."""

    events_per_day: float = positive(
        3.0,
        "Calls and texts made and received a person and day, all ties. Assumed; Kovanen et al. 2010 count 0.5 "
        "calls a customer and day within one network.",
        most=500.0,
    )
    friends: float = rate(7.0, "Friends a person, median. Source: assumed.", most=500.0)
    friends_sigma: float = sigma(0.6, "Sigma of the log number of friends (heavy tail). Source: assumed.")
    closure: Share = share(0.32, "Share of friendships made through a common friend. Source: assumed.")
    acquaintances: float = rate(3.0, "Loose contacts at a time, median. Source: assumed.", most=500.0)
    acquaintances_sigma: float = sigma(0.9, "Sigma of the log number of loose contacts. Source: assumed.")
    hubs: Share = share(
        0.002, "Share of people with ten to forty times the usual loose contacts. Source: assumed."
    )
    team_ties: Share = share(0.6, "Share of pairs in a team who phone. Source: assumed.")
    coworkers: float = rate(1.5, "Contacts at work beyond the team, mean. Source: assumed.", most=500.0)
    close_couples: Share = share(
        0.1, "Share of couples who share most friends (a hard negative). Source: assumed."
    )
    flatmates: Share = share(
        0.1, "Share of people living alone who share a flat with another one: no family. Source: assumed."
    )
    messengers: Share = share(
        0.08,
        "Share of ties of a family that hardly phone. Assumed; Wiese et al. 2014 find many close ties with few "
        "calls or none.",
    )
    strength_sigma: float = sigma(
        1.2, "Sigma of the log strength of ties of one kind. Source: heavy tails of Onnela et al. 2007."
    )
    strength: dict[str, float] = Field(
        default={
            "spouse": 0.85,
            "household": 0.28,
            "elder": 0.22,
            "kin": 0.06,
            "friend": 0.09,
            "acquaintance": 0.025,
            "team": 0.12,
            "coworker": 0.04,
        },
        description="Mean events a tie and day by kind before scaling to events_per_day. Source: assumed.",
    )
    life: dict[str, float] = Field(
        default={
            "spouse": 20000.0,
            "household": 20000.0,
            "elder": 20000.0,
            "kin": 6000.0,
            "friend": 500.0,
            "acquaintance": 80.0,
            "team": 1200.0,
            "coworker": 350.0,
        },
        description="Mean days that a tie lives by kind; weaker ties of a kind live shorter. Assumed, so "
        "that circles turn over as in Miritello et al. 2013 and the Copenhagen data.",
    )
    one_off: float = rate(0.04, "Calls with a stranger a person and day. Source: assumed.", most=100.0)


class Rhythm(Group):
    """When people phone, how long, and in which bursts."""

    weekly_holidays: tuple[int, ...] = Field(default=(5, 6), description="Days of rest, Monday is 0.")
    holidays: tuple[tuple[dt.date, dt.date], ...] = Field(
        default=(
            (dt.date(2025, 1, 28), dt.date(2025, 2, 4)),
            (dt.date(2025, 4, 4), dt.date(2025, 4, 6)),
            (dt.date(2025, 5, 1), dt.date(2025, 5, 5)),
            (dt.date(2025, 10, 1), dt.date(2025, 10, 8)),
            (dt.date(2026, 2, 15), dt.date(2026, 2, 23)),
        ),
        description="Public holidays, first and last day. Source: State Council calendars 2025 and 2026.",
    )
    hour_shift: float = Field(
        default=0.0, ge=-6.0, le=6.0, description="Hours by which the day lies later. Assumed."
    )
    text_share: Share = share(
        0.12, "Share of texts among private events. Source: assumed, messengers took over."
    )
    on_share: Share = Field(
        default=0.3,
        gt=0.0,
        le=1.0,
        description="Share of the days on which a weak tie is awake; strong ties nearly always. Assumed, "
        "for the burstiness of links in Karsai et al. 2012.",
    )
    on_days: int = Field(
        default=4, ge=1, description="Days that a tie stays awake or asleep. Source: assumed."
    )
    train: Share = share(0.34, "Chance that an event is followed by another of the tie. Source: assumed.")
    train_on: Share = Field(
        default=0.62,
        ge=0.0,
        lt=0.9,
        description="Chance that a train goes on once it has begun (a heavier tail). Assumed.",
    )
    gap_minutes: float = positive(14.0, "Median minutes between events of a train. Source: assumed.")
    call_median: float = positive(48.0, "Median seconds of a private call. Source: assumed.")
    call_sigma: float = sigma(1.15, "Sigma of the log seconds of a call. Source: assumed.")
    unanswered: Share = share(
        0.0,
        "Share of calls that nobody answers, recorded with 0 seconds; double for strangers' calls. 0: the records "
        "are those of billing, which hold answered calls alone. Source: assumed.",
    )
    asymmetry: float = positive(
        1.6, "Beta parameter of who begins: below 1 very uneven ties. Source: assumed."
    )


def _heads(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DIGITS = r"^\d*$"


class Operator(Group):
    """One network: its name, its share of first numbers, and its number prefixes."""

    name: str = Field(min_length=1, description="Name as it stands in the tables.")
    market_share: Share = Field(ge=0.0, le=1.0, description="Share of people whose first number it holds.")
    prefixes: tuple[str, ...] = Field(min_length=1, description="Leading digits of its numbers.")
    service_line: str = Field(
        default="", pattern=DIGITS, description="Number of its customer service; empty: none."
    )
    voicemail: str = Field(default="", pattern=DIGITS, description="Number of its voicemail; empty: none.")


class Operators(Group):
    """The own network, which comes first, and its competitors."""

    networks: tuple[Operator, ...] = Field(
        default=(
            Operator(
                name="China Mobile",
                service_line="10086",
                voicemail="12580",
                market_share=0.58,
                prefixes=_heads(
                    "134 135 136 137 138 139 147 150 151 152 157 158 159 178 182 183 184 187 188 198"
                ),
            ),
            Operator(
                name="China Telecom",
                service_line="10000",
                market_share=0.23,
                prefixes=_heads("133 153 173 177 180 181 189 191 193 199"),
            ),
            Operator(
                name="China Unicom",
                service_line="10010",
                market_share=0.19,
                prefixes=_heads("130 131 132 145 155 156 166 175 176 185 186"),
            ),
        ),
        min_length=2,
        description="Networks, the own one first. Source: shares near the 2024 reports; prefixes MIIT.",
    )
    digits: int = Field(default=11, ge=7, le=15, description="Length of a number.")
    household_same: Share = share(
        0.65, "Chance that a member takes the household's network. Source: assumed."
    )
    family_plans: Share = share(
        0.35, "Share of families on a family plan of the own network. Source: assumed."
    )
    ported: Share = share(
        0.0, "Share of people a year who take their number along to another network. Source: assumed."
    )
    relative_document: Share = share(0.08, "Share of numbers in the name of a relative. Source: assumed.")
    company_documents: Share = share(
        0.04, "Share of workplaces in whose name most of the staff's numbers are. Source: assumed."
    )
    diverted: Share = share(
        0.03,
        "Share of people who forward calls that they miss to a relative or to voicemail, not to a number of "
        "their own. Source: assumed.",
    )
    recycled: Share = share(
        0.37,
        "Share of new numbers on which an earlier owner's contacts still call. Source: 72 of 195 people asked "
        "had such trouble (survey cited by Lee and Narayanan 2021).",
    )
    hashed: bool = Field(default=False, description="Write keyed tokens instead of numbers.")


class SecondNumbers(Group):
    """Who takes a second number, where, and how he uses it."""

    held: Share = share(
        0.05, "Share of people with a second number since before the window. Source: assumed."
    )
    taken: float = rate(0.20, "Share of people who take one a year. Source: assumed, dual-SIM churn studies.")
    own_network: Share = share(0.25, "Share of second numbers that the own network sells. Source: assumed.")
    modes: dict[str, float] = Field(
        default={
            "data_only": 0.2,
            "by_contact": 0.2,
            "by_direction": 0.1,
            "random": 0.12,
            "gradual": 0.23,
            "full": 0.15,
        },
        description="Weights of the ways of use. Source: assumed.",
    )
    moved_low: Share = share(0.4, "Smallest share of contacts or events that moves. Source: assumed.")
    moved_high: Share = share(0.9, "Largest share of contacts or events that moves. Source: assumed.")
    slips: Share = share(
        0.06, "Share of events that run over the other number of the two, against habit. Source: assumed."
    )
    lost: Share = share(
        0.15, "Share of friends and colleagues whom a complete change of number loses. Source: assumed."
    )
    fresh_starts: Share = share(
        0.08, "Share of complete changes that lose nearly everybody but the family. Assumed, prepaid churn."
    )
    tries: Share = share(
        0.25, "Share of new second numbers that their owner calls from the old one at once. Source: assumed."
    )
    idle: Share = share(
        0.2, "Share of second numbers that lay unused for one month to two years. Source: assumed."
    )
    forwarding: Share = share(0.15, "Share of those who move who forward the old number to the new. Assumed.")
    number_changes: float = rate(0.03, "Share of people who change numbers within a network a year. Assumed.")
    other_document: Share = share(
        0.25, "Share of second numbers in the name of somebody else. Source: assumed."
    )
    same_handset: Share = share(
        0.6, "Share of second numbers in a dual-slot or the same handset. Source: assumed."
    )
    group_moves: float = rate(
        0.5, "Workplaces that move to a competitor together per 1000 subscribers and year. Source: assumed."
    )


class Managers(Group):
    """Competitors' account managers."""

    per_10k: float = rate(6.0, "Account managers per 10,000 own subscribers. Source: assumed.")
    targets: float = positive(45.0, "Median number of people a manager approaches. Source: assumed.")
    targets_sigma: float = sigma(0.5, "Sigma of the log number of targets. Source: assumed.")
    careful: Share = share(0.35, "Share who call few and seldom. Source: assumed.")
    private_life: Share = share(0.35, "Share who use the same number privately. Source: assumed.")
    two_numbers: Share = share(0.12, "Share of managers' numbers that are somebody's second one. Assumed.")
    team_size: int = Field(
        default=3, ge=1, description="Managers who share a list of targets. Source: assumed."
    )
    shared_targets: Share = share(
        0.2, "Share of a target list that comes from the team's list. Source: assumed."
    )
    high_value: Share = share(0.85, "Share of targets among the upper third of bills. Source: assumed.")
    conversion: Share = share(0.22, "Share of targets who take a second number. Source: assumed.")
    off_hours: Share = share(0.12, "Share of calls in the evening or on days of rest. Source: assumed.")
    hang_ups: Share = share(0.25, "Share of first calls cut short within ten seconds. Source: assumed.")
    lag_days: float = positive(18.0, "Mean days from first call to second number. Source: assumed.")


class Lookalikes(Group):
    """Numbers that call many people without poaching them, per 10,000 own subscribers."""

    couriers: float = rate(12.0, "Couriers. Source: assumed.")
    insurers: float = rate(5.0, "Insurance and other sales people. Source: assumed.")
    hotlines: float = rate(1.0, "Hotlines, called by many. Source: assumed.")
    banks: float = rate(1.0, "Banks: texts and calls. Source: assumed.")
    taxis: float = rate(8.0, "Taxi and ride drivers. Source: assumed.")
    agents: float = rate(4.0, "Estate agents. Source: assumed.")
    recruiters: float = rate(
        0.0, "Headhunters: few calls each to ever new well-to-do people, some call back. Source: assumed."
    )
    advisers: float = rate(
        0.0, "Wealth advisers: a lasting list of well-to-do clients, long calls both ways. Source: assumed."
    )
    consultants: float = rate(
        0.0,
        "Sellers of one's own account: the calls of an account manager, to as many well-to-do people, who then "
        "take no second number more often than others. Source: assumed.",
    )
    enquiries: Share = share(
        0.12,
        "Chance a day of a call to the other network's service line around a second number's onset. Assumed.",
    )
    calls_scale: float = rate(1.0, "Factor on how much they all call.", most=100.0)
    own_share: Share = share(
        0.5, "Share of couriers, taxis, insurers and agents on the own network. Source: assumed."
    )


class Records(Group):
    """What the records hold; what they do not is left out altogether."""

    texts: bool = Field(default=True, description="Texts beside calls.")
    forwards: bool = Field(default=True, description="That a call was forwarded, and whereto.")
    durations: bool = Field(default=True, description="Seconds of calls.")
    cells: bool = Field(default=True, description="Cells of own ends.")
    handsets: bool = Field(default=True, description="Handsets of own ends.")


class Dirt(Group):
    """Rows that a reader must cope with; the counts written are exact."""

    late: int = Field(
        default=0, ge=0, description="Rows a day that arrive late, in a file of their own (DATE-late)."
    )
    duplicates: int = Field(default=0, ge=0, description="Rows a day that are written twice.")
    prefixed: int = Field(
        default=0,
        ge=0,
        description="Rows a day with +86, 0086 or an IP-call prefix before the callee; sound rows.",
    )
    malformed: int = Field(default=0, ge=0, description="Rows a day that are broken.")


class Settings(Group):
    """All settings of a city.

    Examples
    --------
    >>> Settings(subscribers=300, days=60).ties.one_off
    0.04
    """

    subscribers: int = Field(
        default=1000, ge=30, le=20_000_000, description="Own-network subscribers at the start."
    )
    days: int = Field(default=120, ge=1, le=3660, description="Days in the window.")
    seed: int = Field(
        default=1, ge=0, le=2**31, description="Seed: the same seed and settings give the same bytes."
    )
    start: dt.date = Field(
        default=dt.date(2025, 9, 1), ge=dt.date(1970, 1, 1), le=dt.date(2200, 1, 1), description="First day."
    )
    preset: Literal["standard", "easy", "hard", "abroad", "sparse"] = Field(
        default="standard", description="Preset they began from."
    )
    population: Population = Population()
    ties: Ties = Ties()
    rhythm: Rhythm = Rhythm()
    operators: Operators = Operators()
    second_numbers: SecondNumbers = SecondNumbers()
    managers: Managers = Managers()
    lookalikes: Lookalikes = Lookalikes()
    records: Records = Records()
    dirt: Dirt = Dirt()
