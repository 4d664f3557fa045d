"""What a nightly job can be told, and what it does when it is not told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from circlegraph.nightly.settings_inputs import (
    Count,
    Days,
    Folders,
    Inputs,
    OwnNetwork,
    Part,
    Share,
    Table,
    Tables,
    as_text,
    existing,
    nearest,
    told_by,
)
from circlegraph.nightly.worklist_settings import WorklistSettings


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

    holidays: tuple[Annotated[str, BeforeValidator(as_text)], ...] | None = None

    @field_validator("holidays")
    @classmethod
    def _dates(cls, days: tuple[str, ...] | None) -> tuple[str, ...] | None:
        from circlegraph.store.dates import day_number

        for day in days or ():
            told_by(day_number, day)
        return days


class Movement(Part):
    """Weekly points of movement; what is not named keeps its default."""

    points: dict[str, float] = Field(default_factory=dict)
    fit: bool = False
    service_numbers: tuple[str, ...] | None = None

    @field_validator("points")
    @classmethod
    def _known_points(cls, points: dict[str, float]) -> dict[str, float]:
        from dataclasses import fields

        from circlegraph.detect.weekly_movement.points import Points

        known = [field.name for field in fields(Points)]
        wrong = [
            f"there is no indicator {name!r}{nearest(name, known)}" for name in points if name not in known
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        told_by(lambda values: Points(**values), points)
        return points


class WorkList(Part):
    """Size and rules of the work list, see `circlegraph.nightly.worklist_settings`."""

    cap: int = 50
    rest_days: int = 30
    control_share: float = 0.1
    seed: str = "circlegraph"
    desk: str | None = None
    least_value: float = 0.0
    tier_values: dict[str, float] = Field(default_factory=lambda: {"high": 4.0, "mid": 2.0, "low": 1.0})
    templates: dict[str, str] = Field(default_factory=dict)

    @field_validator("cap", "rest_days", "control_share", "least_value", "templates")
    @classmethod
    def _sensible(cls, value: Any, info: ValidationInfo) -> Any:
        told_by(WorklistSettings.of, {info.field_name: value})
        return value


class Labels(Part):
    """The table of labels."""

    language: Literal["en", "zh"] = "en"
    own_name: str | None = None
    operator_names: dict[str, str] = Field(default_factory=dict)


class Privacy(Part):
    """Keyed pseudonyms in the place of numbers, and the floor of counts in what leaves the house."""

    pseudonyms: bool = False
    floor: Count = 15
    key_file: Table = None
    key_env: str | None = Field(default=None, validate_default=True)

    @field_validator("key_file")
    @classmethod
    def _there(cls, path: Path | None) -> Path | None:
        return None if path is None else existing(path)

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

        told_by(lambda value: Resources(memory_limit=parse_size(value)) if value else None, text)
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
        return WorklistSettings.of({**self.worklist.model_dump(), "language": self.labels.language})
