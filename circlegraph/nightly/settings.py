"""What a nightly job can be told, and what it does when it is not told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from circlegraph.errors import CirclegraphError
from circlegraph.nightly.worklist_settings import WorklistSettings
from circlegraph.operators import NumberingPlan

T = TypeVar("T")


def _as_text(value: Any) -> Any:
    """Dates of TOML as text; everything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _located(value: Any, info: ValidationInfo) -> Any:
    """Take a path relative to the folder of the config."""
    folder = (info.context or {}).get("folder")
    return folder / value if folder is not None and isinstance(value, str) else value


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    return path


Located = Annotated[Path, BeforeValidator(_located)]
Table = Annotated[Path | None, BeforeValidator(_located)]
Days = Annotated[int, Field(ge=1, le=3660)]
Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A section of the config; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Inputs(Part):
    """Where the CDR files are and how to read them."""

    cdr: tuple[str, ...] = Field(min_length=1)
    form: str | None = None
    columns: dict[str, str] = {}
    epoch: Annotated[str | None, BeforeValidator(_as_text)] = None
    tz: str | None = None
    country: str = "86"

    @field_validator("cdr", mode="before")
    @classmethod
    def _located_globs(cls, value: Any, info: ValidationInfo) -> Any:
        folder = (info.context or {}).get("folder")
        globs = [value] if isinstance(value, str) else value
        if folder is None or not isinstance(globs, list | tuple):
            return globs
        return tuple(str(folder / text) if isinstance(text, str) else text for text in globs)

    @field_validator("form")
    @classmethod
    def _known_form(cls, name: str | None) -> str | None:
        from circlegraph.cdr.forms import FORMS

        known = [form.name for form in FORMS]
        if name is not None and name not in known:
            raise ValueError(f"there is no form {name!r}{nearest(name, known)}")
        return name

    @field_validator("epoch")
    @classmethod
    def _known_epoch(cls, value: str | None) -> str | None:
        from circlegraph.cdr.timerule import parse_epoch

        _told(parse_epoch, value)
        return value

    @field_validator("tz")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        from circlegraph.cdr.timerule import check_zone

        _told(check_zone, value)
        return value


class Tables(Part):
    """The customer tables beside the CDRs; each may be left out, and what it would tell is then unknown."""

    subscribers: Table = None
    forwarding: Table = None
    bills: Table = None
    known_second_numbers: Table = None
    known_families: Table = None
    known_managers: Table = None
    outcomes: Table = None
    feedback: Table = None

    @field_validator("*")
    @classmethod
    def _there(cls, path: Path | None) -> Path | None:
        return None if path is None else _existing(path)


class OwnNetwork(Part):
    """The own network, where no table of subscribers tells it, and the numbering plan."""

    plan: str | None = None
    ported: Table = None
    own_operators: tuple[str, ...] = ()

    @field_validator("plan")
    @classmethod
    def _located_plan(cls, plan: str | None, info: ValidationInfo) -> str | None:
        folder = (info.context or {}).get("folder")
        if plan is None or (len(plan) == 2 and plan.isalpha()):
            return plan
        return str(_existing(folder / plan if folder is not None else Path(plan)))

    @field_validator("ported")
    @classmethod
    def _there(cls, path: Path | None) -> Path | None:
        return None if path is None else _existing(path)

    @field_validator("own_operators")
    @classmethod
    def _known_operators(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "plan" in info.data:
            known = list(_told(numbering_plan, info.data["plan"]).operators[1:])
            wrong = [
                f"the plan knows no operator {name!r}{nearest(name, known)}"
                for name in names
                if name not in known
            ]
            if wrong:
                raise ValueError("; ".join(wrong))
        return names


class Folders(Part):
    """Where the contact store and the results are kept."""

    store: Located
    results: Located


class Spans(Part):
    """Windows, in days: `after` ends with the night's date, `before` lies in front of it."""

    before: Days = 92
    after: Days = 28


class Missing(Part):
    """What to do when days of the windows are missing or hold far fewer events than the others."""

    rule: Literal["run", "warn", "refuse"] = "warn"
    thin: Share = 0.1


class SecondNumbers(Part):
    """Search for second numbers: at any time in the windows (auto), or by the one split of the windows."""

    at: Literal["auto", "split"] = "auto"
    method: Literal["probability", "rules"] = "probability"
    top_k: Count = 5
    most_peers: Count = 1000
    stable_days: Count = 2
    stable_weeks: Count = 2


class Calendar(Part):
    """Days off beside the weekends; those of mainland China where nothing is said and the home code is 86."""

    holidays: tuple[Annotated[str, BeforeValidator(_as_text)], ...] | None = None

    @field_validator("holidays")
    @classmethod
    def _dates(cls, days: tuple[str, ...] | None) -> tuple[str, ...] | None:
        from circlegraph.store.dates import day_number

        for day in days or ():
            _told(day_number, day)
        return days


class Movement(Part):
    """Weekly points of movement; what is not named keeps its default."""

    points: dict[str, float] = {}
    fit: bool = False
    service_numbers: tuple[str, ...] | None = None

    @field_validator("points")
    @classmethod
    def _known_points(cls, points: dict[str, float]) -> dict[str, float]:
        from dataclasses import fields

        from circlegraph.detect.movement.points import Points

        known = [field.name for field in fields(Points)]
        wrong = [
            f"there is no indicator {name!r}{nearest(name, known)}" for name in points if name not in known
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        _told(lambda values: Points(**values), points)
        return points


class WorkList(Part):
    """Size and rules of the work list, see `circlegraph.nightly.worklist_settings`."""

    cap: int = 50
    rest_days: int = 30
    control_share: float = 0.1
    seed: str = "circlegraph"
    desk: str | None = None
    least_value: float = 0.0
    tier_values: dict[str, float] = {"high": 4.0, "mid": 2.0, "low": 1.0}
    templates: dict[str, str] = {}

    @field_validator("cap", "rest_days", "control_share", "least_value", "templates")
    @classmethod
    def _sensible(cls, value: Any, info: ValidationInfo) -> Any:
        _told(WorklistSettings.of, {info.field_name: value})
        return value


class Labels(Part):
    """The table of labels."""

    language: Literal["en", "zh"] = "en"
    own_name: str | None = None
    operator_names: dict[str, str] = {}


class Privacy(Part):
    """Keyed pseudonyms in the place of numbers, and the floor of counts in what leaves the house."""

    pseudonyms: bool = False
    floor: Count = 15
    key_file: Table = None
    key_env: str | None = Field(default=None, validate_default=True)

    @field_validator("key_file")
    @classmethod
    def _there(cls, path: Path | None) -> Path | None:
        return None if path is None else _existing(path)

    @field_validator("key_env")
    @classmethod
    def _one_key(cls, name: str | None, info: ValidationInfo) -> str | None:
        both = "key_file" in info.data and (info.data["key_file"] is None) == (name is None)
        if info.data.get("pseudonyms") and both:
            raise ValueError("pseudonyms need one key: name either key_file or key_env")
        return name


class Retention(Part):
    """What is kept; nothing is dropped that is not named here."""

    store_days: Days | None = None
    result_nights: Annotated[int, Field(ge=2)] | None = None


class Running(Part):
    """What a run may use."""

    threads: Count | None = None
    memory_limit: str | None = None

    @field_validator("memory_limit")
    @classmethod
    def _size(cls, text: str | None) -> str | None:
        from circlegraph.resources import Resources, parse_size

        _told(lambda value: Resources(memory_limit=parse_size(value)) if value else None, text)
        return text


class Drift(Part):
    """When a detector is said to drift against the nights before."""

    nights: Count = 30
    least_nights: Annotated[int, Field(ge=3)] = 7
    psi: Annotated[float, Field(gt=0)] = 0.25
    z: Annotated[float, Field(gt=0)] = 4.0


class Settings(Part):
    """The whole config of a nightly job."""

    inputs: Inputs
    folders: Folders
    tables: Tables = Tables()
    network: OwnNetwork = OwnNetwork()
    windows: Spans = Spans()
    missing_days: Missing = Missing()
    calendar: Calendar = Calendar()
    second_numbers: SecondNumbers = SecondNumbers()
    movement: Movement = Movement()
    worklist: WorkList = WorkList()
    labels: Labels = Labels()
    privacy: Privacy = Privacy()
    retention: Retention = Retention()
    drift: Drift = Drift()
    run: Running = Running()

    @property
    def worklist_settings(self) -> WorklistSettings:
        """Settings of the work list."""
        return WorklistSettings.of(self.worklist.model_dump())


def nearest(name: str, known: list[str]) -> str:
    """Hint at the nearest valid name, or at all of them.

    Examples
    --------
    >>> nearest("canonicl", ["canonical", "bass"])
    "; did you mean 'canonical'?"
    >>> nearest("x", ["canonical", "bass"])
    '; there are canonical, bass'
    """
    near = get_close_matches(name, known, 1, 0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"


def numbering_plan(
    plan: str | None, ported: Mapping[str, str] | None = None, country: str | None = "86"
) -> NumberingPlan:
    """Numbering plan: China's, that of a region, or one of a file.

    Raises
    ------
    InputError, SettingsError
        If there is no such file or region.
    """
    if plan is None:
        return NumberingPlan.china(ported)
    if len(plan) == 2:
        return NumberingPlan.from_phonenumbers(plan, ported)
    return NumberingPlan.from_csv(plan, ported, country)


def _told(check: Callable[[Any], T], value: Any) -> T:
    """Turn an error of circlegraph into one that pydantic lists with the others."""
    try:
        return check(value)
    except CirclegraphError as error:
        raise ValueError(str(error)) from error
