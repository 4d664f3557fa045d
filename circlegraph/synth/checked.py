"""Settings from presets and changes, with one error that names everything wrong."""

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from circlegraph.errors import SettingsError
from circlegraph.synth.households import HOUSEHOLD_KINDS
from circlegraph.synth.kinds import MODES, TIE_KINDS
from circlegraph.synth.presets import PRESETS
from circlegraph.synth.settings import Operators, Population, SecondNumbers, Settings, Ties

_GROUPS = {name: field.annotation for name, field in Settings.model_fields.items()}


def _is_group(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def make_settings(settings: Settings | None = None, **changes: Any) -> Settings:
    """Make settings from a preset and changes, all of them checked together.

    Parameters
    ----------
    settings : Settings, optional
        Settings to start from; else the preset named in the changes, else ``standard``.
    **changes
        Top-level settings by name; a group is given as a mapping of what changes in it.

    Returns
    -------
    Settings
        Checked settings.

    Raises
    ------
    SettingsError
        If anything is wrong; the message lists all of it.

    Examples
    --------
    >>> make_settings(preset="hard", days=30, ties={"friends": 5}).ties.friends
    5.0
    >>> make_settings(days=-1, tys={})
    Traceback (most recent call last):
        ...
    circlegraph.errors.SettingsError: 2 settings make no sense: ... tys: unknown setting (did you mean ties?)
    """
    if settings is not None and not changes:
        base: dict[str, Any] = {}
        merged: dict[str, Any] = settings.model_dump()
    else:
        base = (
            settings.model_dump()
            if settings is not None
            else PRESETS.get(str(changes.get("preset", "standard")), {})
        )
        merged = _merge(base, changes)
    problems: list[str] = []
    parts: dict[str, Any] = {}
    for name, value in merged.items():
        annotation = _GROUPS.get(name)
        if not _is_group(annotation):
            parts[name] = value
            continue
        assert isinstance(annotation, type)
        try:
            parts[name] = annotation.model_validate(value)
        except ValidationError as error:
            problems += _told(error, annotation, name + ".")
    try:
        made = Settings.model_validate(parts)
    except ValidationError as error:
        problems += _told(error, Settings, "")
        known = {name: part for name, part in parts.items() if isinstance(part, BaseModel)}
        made = Settings.model_construct(**{**dict(Settings()), **known})
        problems += _contradictions(made, merged.get("subscribers"))
    else:
        problems += _contradictions(made, made.subscribers)
    if problems:
        count = "1 setting makes" if len(problems) == 1 else f"{len(problems)} settings make"
        raise SettingsError(f"{count} no sense: " + "; ".join(problems))
    return made


def _merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in changes.items():
        old = merged.get(name)
        if isinstance(value, BaseModel):
            merged[name] = value.model_dump()
        elif _is_group(_GROUPS.get(name)) and isinstance(value, Mapping):
            merged[name] = {**(old if isinstance(old, Mapping) else {}), **value}
        else:
            merged[name] = value
    return merged


def _told(error: ValidationError, model: type[BaseModel], prefix: str) -> list[str]:
    told = []
    places = [item["loc"] for item in error.errors()]
    for item in error.errors():
        if any(
            len(place) > len(item["loc"]) and place[: len(item["loc"])] == item["loc"] for place in places
        ):
            continue  # a list is said to be too short because of what is wrong inside it
        place = prefix + ".".join(str(part) for part in item["loc"])
        if item["type"] == "extra_forbidden":
            near = difflib.get_close_matches(str(item["loc"][-1]), list(model.model_fields), n=1, cutoff=0.5)
            hint = f" (did you mean {near[0]}?)" if near else f" (known: {', '.join(model.model_fields)})"
            told.append(f"{place}: unknown setting{hint}")
        else:
            told.append(f"{place} = {item['input']!r}: {item['msg'][:1].lower() + item['msg'][1:]}")
    return told


def _weights(
    place: str, weights: Mapping[str, float], known: tuple[str, ...], *, all_needed: bool
) -> list[str]:
    told = []
    for name, value in weights.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            told.append(
                f"{place}.{name}: unknown ("
                + (f"did you mean {near[0]}?" if near else ", ".join(known))
                + ")"
            )
        if not value >= 0 or value == float("inf"):
            told.append(f"{place}.{name} = {value}: must be 0 or more")
    missing = [name for name in known if name not in weights]
    if all_needed and missing:
        told.append(f"{place}: {', '.join(missing)} missing")
    if not any(value > 0 for value in weights.values()):
        told.append(f"{place}: at least one weight must be above 0")
    return told


def _contradictions(made: Settings, subscribers: object) -> list[str]:
    return [
        *_population(made.population, made.operators, subscribers),
        *_networks(made.operators),
        *_room(made.operators, subscribers),
        *_second_numbers(made.second_numbers),
        *_ties(made.ties),
        *_calendar(made),
    ]


def _population(population: Population, operators: Operators, subscribers: object) -> list[str]:
    told = _weights(
        "population.household_mix", population.household_mix, tuple(HOUSEHOLD_KINDS), all_needed=False
    )
    own = operators.networks[0].market_share
    if population.households is None or not isinstance(subscribers, int) or not own > 0:
        return told
    people = round(subscribers / own)
    if population.households > people:
        told.append(
            f"population.households = {population.households}: more households than people ({people})"
        )
    elif population.households * max(len(kind) for kind in HOUSEHOLD_KINDS.values()) < people:
        told.append(
            f"population.households = {population.households}: too few households for {people} people"
        )
    return told


def _networks(operators: Operators) -> list[str]:
    told = []
    total = sum(network.market_share for network in operators.networks)
    if abs(total - 1.0) > 1e-6:
        told.append(f"operators.networks: market shares sum to {total:g}, not 1")
    if not operators.networks[0].market_share > 0:
        told.append("operators.networks: the own network, which comes first, needs a market share above 0")
    prefixes = [prefix for network in operators.networks for prefix in network.prefixes]
    twice = sorted({prefix for prefix in prefixes if prefixes.count(prefix) > 1})
    if twice:
        told.append(f"operators.networks: prefixes {', '.join(twice)} stand twice")
    within = sorted({a for a in prefixes for b in prefixes if a != b and b.startswith(a)})
    if within:
        told.append(f"operators.networks: prefixes {', '.join(within)} begin other prefixes")
    lines = [
        line for network in operators.networks for line in (network.service_line, network.voicemail) if line
    ]
    if len(set(lines)) < len(lines):
        told.append("operators.networks: two service lines or voicemails have the same number")
    wrong = [prefix for prefix in prefixes if not prefix.isdigit() or len(prefix) > operators.digits - 4]
    if wrong:
        told.append(
            f"operators.networks: prefixes {', '.join(wrong)} are no digits or leave no room for a number"
        )
    names = [network.name for network in operators.networks]
    if len(set(names)) < len(names):
        told.append("operators.networks: two networks have the same name")
    return told


def _room(operators: Operators, subscribers: object) -> list[str]:
    """Every number of a network must have a tail of its own."""
    own = operators.networks[0].market_share
    if not isinstance(subscribers, int) or not own > 0:
        return []
    longest = max((len(prefix) for network in operators.networks for prefix in network.prefixes), default=0)
    largest = max(network.market_share for network in operators.networks)
    # Second numbers and services come on top of the people's first numbers.
    wanted = round(2 * subscribers * largest / own)
    if wanted <= 10 ** max(0, operators.digits - longest):
        return []
    return [f"operators.digits = {operators.digits}: too few numbers for {subscribers:,} subscribers"]


def _second_numbers(second: SecondNumbers) -> list[str]:
    told = _weights("second_numbers.modes", second.modes, MODES, all_needed=False)
    if second.moved_low > second.moved_high:
        told.append(f"second_numbers.moved_low = {second.moved_low}: above moved_high = {second.moved_high}")
    if second.held + second.taken > 1:
        told.append(f"second_numbers.held + taken = {second.held + second.taken:g}: more than everybody")
    return told


def _ties(ties: Ties) -> list[str]:
    told = _weights("ties.strength", ties.strength, TIE_KINDS, all_needed=True)
    told += _weights("ties.life", ties.life, TIE_KINDS, all_needed=True)
    told += [f"ties.life.{name}: must be above 0" for name, value in ties.life.items() if value == 0]
    return told


def _calendar(made: Settings) -> list[str]:
    told = [
        f"rhythm.weekly_holidays: {day} is no day of the week (Monday is 0, Sunday 6)"
        for day in made.rhythm.weekly_holidays
        if not 0 <= day <= 6
    ]
    told += [
        f"rhythm.holidays: {first} to {last} ends before it begins"
        for first, last in made.rhythm.holidays
        if last < first
    ]
    return told
