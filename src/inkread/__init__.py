"""inkread turns photos and scans of handwriting into checked, structured text on your own machine.

>>> import inkread
>>> page = inkread.read("my_photo.jpg")  # doctest: +SKIP
>>> page.text, page.confidence, page.status  # doctest: +SKIP
('7', 0.998, 'accepted')

Everything here is imported when it is first used: `import inkread` itself loads nothing but the standard
library.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inkread import datasets, metrics, models
    from inkread.data.vary import Augment
    from inkread.errors import InkreadError
    from inkread.forms.template import Template
    from inkread.imaging.normalize import normalize
    from inkread.readers.reader import Reader, read
    from inkread.types import Box, Page, Reading

__version__ = "0.1.0"

__all__ = [
    "Augment",
    "Box",
    "InkreadError",
    "Page",
    "Reader",
    "Reading",
    "Template",
    "datasets",
    "metrics",
    "models",
    "normalize",
    "read",
]

_HOMES = {
    "Augment": "inkread.data.vary",
    "Box": "inkread.types",
    "InkreadError": "inkread.errors",
    "Page": "inkread.types",
    "Reader": "inkread.readers.reader",
    "Reading": "inkread.types",
    "Template": "inkread.forms.template",
    "normalize": "inkread.imaging.normalize",
    "read": "inkread.readers.reader",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in __all__:
        return import_module(f"inkread.{name}")
    raise AttributeError(f"module 'inkread' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
