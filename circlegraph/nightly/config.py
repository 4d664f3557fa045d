"""Read the config of a nightly job; whatever is wrong with it is told at once."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from circlegraph.dialling import home_country
from circlegraph.errors import SettingsError
from circlegraph.nightly.settings import Settings
from circlegraph.nightly.settings_inputs import nearest


def read_settings(path: str | Path) -> Settings:
    """Read a config; paths in it are relative to its folder.

    Raises
    ------
    SettingsError
        If it cannot be read, or anything in it makes no sense; the message lists all of it.
    """
    path = Path(path)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path}: the config cannot be read ({getattr(error, 'strerror', error)})"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: the config is no TOML ({error})") from error
    return make_settings(raw, path.absolute().parent, str(path))


def make_settings(raw: Mapping[str, Any], folder: Path | None = None, place: str = "the config") -> Settings:
    """Settings from plain data.

    Examples
    --------
    >>> make_settings({"inputs": {"cdr": "cdr", "frm": "bass"}, "folders": {"store": "s", "results": "r"},
    ...                "missing_days": {"rule": "wran"}})
    Traceback (most recent call last):
        ...
    circlegraph.errors.SettingsError: the config: 2 settings are wrong: inputs.frm is unknown; did you mean 'form'?;
    missing_days.rule is 'wran'; did you mean 'warn'?

    Raises
    ------
    SettingsError
        Lists all that is wrong.
    """
    try:
        return Settings.model_validate(_at_home(raw), context={"folder": folder})
    except SettingsError as error:
        raise SettingsError(f"{place}: network.plan: {error}") from error
    except ValidationError as error:
        told = [_told(item) for item in error.errors()]
    count = "1 setting is" if len(told) == 1 else f"{len(told)} settings are"
    raise SettingsError(f"{place}: {count} wrong: " + "; ".join(told))


def _at_home(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put the home country of a region's numbering plan where none is given."""
    inputs, network = raw.get("inputs"), raw.get("network")
    if not (isinstance(inputs, Mapping) and isinstance(network, Mapping)):
        return raw
    country, plan = inputs.get("country"), network.get("plan")
    if not (isinstance(plan, str) and isinstance(country, str | None)):
        return raw
    return {**raw, "inputs": {**inputs, "country": home_country(country, plan)}}


def _told(item: Any) -> str:
    """One error in words, with the nearest valid name."""
    *parents, name = item["loc"]
    place = ".".join(map(str, item["loc"]))
    if item["type"] == "extra_forbidden":
        return f"{place} is unknown{nearest(str(name), list(_model_at(parents).model_fields))}"
    if item["type"] == "missing":
        return f"{place} is missing"
    if item["type"] == "literal_error":
        known = re.findall(r"'([^']*)'", item["ctx"]["expected"])
        return f"{place} is {item['input']!r}{nearest(str(item['input']), known)}"
    if item["type"] == "too_short":
        return f"{place} is empty; name at least one"
    if item["type"] == "int_parsing":
        return f"{place} is {item['input']!r}, but must be a whole number"
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] == "value_error":
        return f"{place}: {message}"
    return f"{place} is {item['input']!r}; {message[:1].lower() + message[1:]}"


def _model_at(parents: Iterable[Any]) -> type[BaseModel]:
    model: type[BaseModel] = Settings
    for name in parents:
        inner = model.model_fields[name].annotation
        assert isinstance(inner, type)
        assert issubclass(inner, BaseModel)
        model = inner
    return model


def digest(settings: Settings, parts: Iterable[str]) -> str:
    """Checksum of some parts of the config, such as ``windows`` or ``inputs.country``.

    Examples
    --------
    >>> one = make_settings({"inputs": {"cdr": "a"}, "folders": {"store": "s", "results": "r"}})
    >>> two = make_settings({"inputs": {"cdr": "b"}, "folders": {"store": "s", "results": "r"}})
    >>> digest(one, ["windows"]) == digest(two, ["windows"]), digest(one, ["inputs"]) == digest(two, ["inputs"])
    (True, False)
    """
    chosen = {}
    for part in sorted(parts):
        value: Any = settings
        for name in part.split("."):
            value = getattr(value, name)
        chosen[part] = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return checksum(json.dumps(chosen, sort_keys=True, ensure_ascii=False, default=str))


def checksum(text: str) -> str:
    """SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
