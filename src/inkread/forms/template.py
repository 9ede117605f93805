"""What a form is: its pages, its fields and the rules between them. `Template.load` opens the TOML of one.

Places are millimetres on the paper from its upper left corner, (left, top, right, bottom). A template that
names its fields but not where they are is a draft: it can be laid out and printed, not read. A Template does
not change; all that is wrong with a text is told in one line with the file, the line and the field.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from inkread.errors import MissingExtra, UsageError, nearest

try:
    from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator
    from pydantic.functional_validators import AfterValidator, BeforeValidator
except ImportError as error:  # pragma: no cover - the tests have it
    raise MissingExtra("a form's template", "pydantic", "forms") from error

from inkread.forms.consistency import check as check_form
from inkread.forms.fits import PLAIN_TYPES, RULE_KEYS, check_field, check_rule
from inkread.forms.places import Rect, around, divided, short, wrong

__all__ = ["Comb", "FormField", "FormPage", "Mark", "Option", "Rule", "RuleKind", "Template"]

MARK_IDS = 50
"""DICT_4X4_50 has so many marks."""
MOST_CELLS = 200
COLUMNS = ("source", "document", "page", "status", "reason")
"""Columns of the table, which no field may be called."""

RuleKind = Literal["sum", "order", "equal", "zip_state"]
_NAME = re.compile(r"[^\W\d_][\w-]{0,63}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise wrong(
            f"{short(name)} cannot be a name; wanted a letter, then letters, digits, _ or -, at most 64"
        )
    if name.lower() in COLUMNS:
        raise wrong(f"{name!r} is a column of the table already; call it such as {'form_' + name.lower()!r}")
    return name


def _told(text: str) -> str:
    if len(text) > 300 or _CONTROL.search(text):
        raise wrong(f"{short(text)} is no line of text; wanted at most 300 characters, all of them visible")
    return text


Name = Annotated[str, AfterValidator(_named)]
Line = Annotated[str, AfterValidator(_told)]


class _Part(BaseModel):
    """Strict, frozen, no unknown key. Lists count as tuples."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def _listed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _option(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


def _options(value: Any) -> Any:
    return tuple(map(_option, value)) if isinstance(value, list | tuple) else value


class Mark(_Part):
    """An ArUco mark of DICT_4X4_50.

    Attributes:
        id: 0 to 49; on page k of a printed form 4(k-1) to 4(k-1)+3.
        box: its upright black square.
    """

    id: int = Field(ge=0, lt=MARK_IDS)
    box: Rect


class FormPage(_Part):
    """One page.

    Attributes:
        width: of the paper, in millimetres.
        height: of the paper, in millimetres.
        marks: what it is aligned by; empty where the blank page serves.
        reference: a picture or PDF of the blank page, from the template's folder.
    """

    width: float = Field(ge=10, le=2000)
    height: float = Field(ge=10, le=2000)
    marks: Annotated[tuple[Mark, ...], BeforeValidator(_listed)] = ()
    reference: Line | None = None

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        return self.width, self.height


class Comb(_Part):
    """Cells of equal width side by side.

    Attributes:
        box: around all of them.
        cells: how many.
    """

    box: Rect
    cells: int = Field(ge=1, le=MOST_CELLS)


class Option(_Part):
    """One square of a choice.

    Attributes:
        text: what it says, and what the reading is where it is marked.
        box: the square; None in a draft.
    """

    text: Line = Field(min_length=1)
    box: Rect | None = None


class FormField(_Part):
    """One field.

    Attributes:
        name: the column of the table, and the name of the reading.
        type: a format of `inkread.formats`, "text", "character", "checkbox" or "choice".
        page: from 1.
        label: what is printed beside it.
        box: one rectangle; of a checkbox its square.
        boxes: separately spaced cells, one a character.
        comb: cells side by side.
        required: an empty field goes to review.
        lexicon: of a text, a file with one entry a line, from the template's folder.
        target_error: the expected share of wrong readings among the accepted ones; None as the reader's.
        options: of a choice.
        multiple: whether several options may be marked.
        length: in a draft, how many characters to leave room for; None as the type needs.
        lines: in a draft, how many lines of text to leave room for.
        example: a text as one may write it, for whoever fills the form.
    """

    name: Name
    type: Line
    label: Line = ""
    page: int = Field(default=1, ge=1)
    box: Rect | None = None
    boxes: Annotated[
        tuple[Rect, ...] | None, BeforeValidator(_listed), Field(min_length=1, max_length=MOST_CELLS)
    ] = None
    comb: Comb | None = None
    options: Annotated[tuple[Option, ...], BeforeValidator(_options), Field(max_length=MOST_CELLS)] = ()
    multiple: bool = False
    required: bool = False
    lexicon: Line | None = None
    target_error: float | None = Field(default=None, gt=0, lt=1)
    length: int | None = Field(default=None, ge=1, le=MOST_CELLS)
    lines: int | None = Field(default=None, ge=1, le=40)
    example: Line = ""

    @property
    def rects(self) -> tuple[Rect, ...]:
        """Every rectangle that the field has; none in a draft."""
        if self.boxes is not None:
            return self.boxes
        one = self.box or (self.comb.box if self.comb else None)
        return (one,) if one else tuple(o.box for o in self.options if o.box)

    @property
    def bounds(self) -> Rect:
        """The rectangle around all of it.

        Raises:
            UsageError: the field has no place yet.
        """
        if not self.rects:
            raise UsageError(f"field {self.name} has no place on the paper yet: print the form first")
        return around(self.rects)

    @property
    def cells(self) -> tuple[Rect, ...]:
        """One rectangle a character, from left to right; none of a plain box."""
        return divided(self.comb.box, self.comb.cells) if self.comb else self.boxes or ()

    @property
    def is_format(self) -> bool:
        """Whether its type is a format of `inkread.formats`."""
        return self.type not in PLAIN_TYPES

    @model_validator(mode="after")
    def _fits(self) -> FormField:
        check_field(self)
        return self


class Rule(_Part):
    """What must hold between fields.

    Attributes:
        kind: "sum" (`fields` add up to `total`), "order" (`first` is not after `then`: dates or numbers),
            "equal" (all `fields` say the same), "zip_state" (the ZIP of `zip` lies in `state`).
        message: what to tell where it does not hold; empty tells it in plain words.
    """

    kind: RuleKind
    fields: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(max_length=1000)] = ()
    total: str | None = None
    first: str | None = None
    then: str | None = None
    zip: str | None = None
    state: str | None = None
    message: Line = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that it is about, in its own order."""
        return tuple(name for key in RULE_KEYS[self.kind] for name in self.of(key))

    def of(self, key: str) -> tuple[str, ...]:
        """The fields that a key of the rule names; none where it is not given."""
        value = getattr(self, key)
        return value if isinstance(value, tuple) else () if value is None else (value,)

    @model_validator(mode="after")
    def _fits(self) -> Rule:
        check_rule(self)
        return self


class Template(_Part):
    r"""A form. See `Template.load`.

    Attributes:
        name: of the form, such as "order-slip".
        title: what stands above it.
        pages: none of a draft.
        fields: in the order of the table's columns.
        rules: what must hold between them.

    Example:
        >>> slip = Template.parse('name = "slip"\n[[fields]]\nname = "zip"\ntype = "us_zip"', draft=True)
        >>> slip.field("zip").type, slip.placed
        ('us_zip', False)
    """

    name: Name
    title: Line = ""
    pages: Annotated[tuple[FormPage, ...], BeforeValidator(_listed), Field(max_length=50)] = ()
    fields: Annotated[tuple[FormField, ...], BeforeValidator(_listed), Field(min_length=1, max_length=1000)]
    rules: Annotated[tuple[Rule, ...], BeforeValidator(_listed), Field(max_length=1000)] = ()
    _folder: Path = PrivateAttr(default=Path())

    @model_validator(mode="after")
    def _agrees(self) -> Template:
        check_form(self)
        return self

    @property
    def folder(self) -> Path:
        """Where its file lay; the files that it names are looked for from there."""
        return self._folder

    @property
    def placed(self) -> bool:
        """Whether it says where its fields are; a draft does not."""
        return bool(self.pages)

    @cached_property
    def _by_name(self) -> dict[str, FormField]:
        return {field.name: field for field in self.fields}

    def field(self, name: str) -> FormField:
        """The field of a name.

        Raises:
            UsageError: there is none.
        """
        if name not in self._by_name:
            known = list(self._by_name)
            raise UsageError(f"the form {self.name} has no field {name!r}{nearest(name, known)}")
        return self._by_name[name]

    def spec(self, name: str) -> str | None:
        """What `inkread.formats.find` takes for a field; files of words as full paths.

        Returns:
            None where any text may stand: of type text without a lexicon, character, checkbox, choice.
        """
        field = self.field(name)
        file = field.lexicon
        if field.type.startswith("lexicon:"):
            file = field.type.partition(":")[2]
        if file is not None:
            return f"lexicon:{self.folder / Path(file).expanduser()}"
        return field.type if field.is_format else None

    def in_folder(self, folder: Path) -> Template:
        """The same template, as if its file lay in a folder."""
        moved = self.model_copy()
        moved._folder = folder
        return moved

    @classmethod
    def load(cls, path: str | Path, *, draft: bool = False) -> Template:
        """Open a template.

        Args:
            path: a TOML file; `docs/forms.md` tells its keys.
            draft: whether fields without a place are welcome.

        Raises:
            UsageError: it cannot be opened or used; one line with the file, the line and the field.
        """
        from inkread.forms.loading import load

        return load(Path(path), draft=draft)

    @classmethod
    def parse(
        cls, text: str, *, where: str = "template", folder: Path | None = None, draft: bool = False
    ) -> Template:
        """Take a template from a text; see `load`.

        Args:
            text: TOML.
            where: what the errors call it.
            folder: where the files lie that it names; None forbids to name any.
            draft: whether fields without a place are welcome.
        """
        from inkread.forms.loading import parse

        return parse(text, where=where, folder=folder, draft=draft)

    def dump(self) -> str:
        """The template as TOML, which `parse` and `load` read back equal."""
        from inkread.forms.toml_text import document

        return document(self.model_dump(exclude_defaults=True))
