"""What goes to a process that reads, and what comes back: plain values, framed as JSON and bytes.

Nothing is pickled, so that a process that a hostile picture has taken over can send nothing but text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Answer", "Job", "Options", "RefusedError", "Send", "Take", "failure"]

Send = Callable[[bytes], None]
Take = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Options:
    """How to read, in the words of the command line.

    Attributes:
        kind: "auto", "digit", "line", ...
        format: of a field; None for none.
        charset: of characters: which of them there can be.
        model: name of a shipped model; None for the one that ships for the kind.
        target_error: share of wrong readings among the accepted ones, in 0..1.
        threshold: the least confidence that is accepted, instead of the target's; 0..1.
        language: "auto", "none" or a packaged language's code.
        crop: left, top, right, bottom in pixels of the upright picture.
        rotate: degrees, clockwise.
        output: "json" or an ending of `inkread.outputs`, without its dot.
        preview: whether each page comes with a picture of itself, for those that a browser cannot show.
        looks: whether what was seen on the way comes too; of the first page only.
        learns: whether a blank form is learnt, and nothing read.
    """

    kind: str = "auto"
    format: str | None = None
    model: str | None = None
    target_error: float = 0.01
    threshold: float | None = None
    language: str = "auto"
    charset: str = "alnum"
    crop: tuple[int, int, int, int] | None = None
    rotate: float = 0.0
    output: str = "json"
    preview: bool = False
    looks: bool = False
    learns: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Files to be read.

    Attributes:
        options: how.
        names: what the client calls the files, cleaned; for show only.
        contents: their bytes.
        template: of a form: TOML, or JSON of the same values; None without.
        blank_names: what the template calls the files that it names, cleaned.
        blanks: their bytes.
    """

    options: Options
    names: tuple[str, ...]
    contents: tuple[bytes, ...]
    template: bytes | None = None
    blank_names: tuple[str, ...] = ()
    blanks: tuple[bytes, ...] = ()

    def send(self, send: Send) -> None:
        """Hand the job over."""
        told = {
            "options": asdict(self.options),
            "names": self.names,
            "blanks": self.blank_names,
            "template": self.template is not None,
        }
        send(json.dumps(told).encode())
        for content in (*self.contents, *self.blanks):
            send(content)
        if self.template is not None:
            send(self.template)

    @staticmethod
    def take(take: Take) -> Job:
        """The job that comes next."""
        told = json.loads(take())
        crop = told["options"]["crop"]
        options = Options(**{**told["options"], "crop": tuple(crop) if crop else None})
        contents, blanks = (tuple(take() for _ in told[key]) for key in ("names", "blanks"))
        template = take() if told["template"] else None
        return Job(options, tuple(told["names"]), contents, template, tuple(told["blanks"]), blanks)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a client gets.

    Attributes:
        status: of HTTP.
        media: the media type of the body.
        body: bytes.
        file: the name under which a browser saves it; empty where it is no file.
        extra: headers besides.
    """

    status: int
    media: str
    body: bytes
    file: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def send(self, send: Send) -> None:
        """Hand the answer over."""
        send(json.dumps({"status": self.status, "media": self.media, "file": self.file}).encode())
        send(self.body)

    @staticmethod
    def take(take: Take) -> Answer:
        """The answer that comes next."""
        told = json.loads(take())
        return Answer(int(told["status"]), str(told["media"]), take(), str(told["file"]))


def failure(status: int, message: str, **headers: str) -> Answer:
    """An error as every client gets it: `{"error": "one clear line"}`.

    Args:
        status: of HTTP.
        message: one line.
        headers: such as `Retry_After="1"`; an underscore stands for a hyphen.
    """
    told: dict[str, Any] = {"error": " ".join(message.split())}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, "application/json", json.dumps(told).encode(), extra=named)


class RefusedError(Exception):
    """A request that gets an error; arguments as of `failure`.

    Attributes:
        answer: the error as the client gets it.
    """

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.answer = failure(status, message, **headers)
