"""Sections of the config on what is read and where it is kept; and what all sections share."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from circlegraph.dialling import is_region
from circlegraph.errors import CirclegraphError
from circlegraph.operators import NumberingPlan

T = TypeVar("T")


def as_text(value: Any) -> Any:
    """Dates of TOML as text; everything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _located(value: Any, info: ValidationInfo) -> Any:
    """Take a path relative to the folder of the config."""
    folder = (info.context or {}).get("folder")
    return folder / value if folder is not None and isinstance(value, str) else value


def existing(path: Path) -> Path:
    """Return the path if there is such a file.

    Raises
    ------
    ValueError
        Which pydantic lists with the other errors.
    """
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
    epoch: Annotated[str | None, BeforeValidator(as_text)] = None
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

        told_by(parse_epoch, value)
        return value

    @field_validator("tz")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        from circlegraph.cdr.timerule import check_zone

        told_by(check_zone, value)
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
        return None if path is None else existing(path)


class OwnNetwork(Part):
    """The own network, where no table of subscribers tells it, and the numbering plan."""

    plan: str | None = None
    ported: Table = None
    own_operators: tuple[str, ...] = ()

    @field_validator("plan")
    @classmethod
    def _located_plan(cls, plan: str | None, info: ValidationInfo) -> str | None:
        folder = (info.context or {}).get("folder")
        if plan is None or is_region(plan):
            return plan
        return str(existing(folder / plan if folder is not None else Path(plan)))

    @field_validator("ported")
    @classmethod
    def _there(cls, path: Path | None) -> Path | None:
        return None if path is None else existing(path)

    @field_validator("own_operators")
    @classmethod
    def _known_operators(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "plan" in info.data:
            known = list(told_by(NumberingPlan.of, info.data["plan"]).operators[1:])
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

    @field_validator("results")
    @classmethod
    def _apart(cls, results: Path, info: ValidationInfo) -> Path:
        if results == info.data.get("store"):
            raise ValueError("the results need another folder than the store")
        return results


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


def told_by(check: Callable[[Any], T], value: Any) -> T:
    """Turn an error of circlegraph into one that pydantic lists with the others."""
    try:
        return check(value)
    except CirclegraphError as error:
        raise ValueError(str(error)) from error
