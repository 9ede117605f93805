"""Hands that simulated mail is written by: fonts, and the digits of MNIST's writers for ZIPs.

Of the fonts that no model has seen, one half is for figures and the other for what confidences are fitted on.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkread.errors import DataError
from inkread.synth import fonts, hands
from inkread.synth.faces import Face, Faces

__all__ = ["Bank", "is_for_figures"]


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Hands to write with.

    Attributes:
        faces: fonts whose digits can be read.
        digits: of MNIST, with their writers; None without.
    """

    faces: tuple[Face, ...]
    digits: hands.Written | None = None

    @classmethod
    def load(
        cls,
        data_root: Path,
        images: np.ndarray | None = None,
        labels: np.ndarray | None = None,
        writers: np.ndarray | None = None,
        *,
        held_out: bool = False,
    ) -> Bank:
        """Gather the hands.

        Args:
            data_root: folder with `fonts/`.
            images: `(n, 28, 28)` uint8 digits, white on black, or None.
            labels: `(n,)` what they are.
            writers: `(n,)` who wrote them; None takes neighbours for one writer.
            held_out: the half of the fonts kept for measuring that figures are reported on, in place of
                those for training and of the other half, which confidences are fitted on.

        Raises:
            DataError: fonts are missing, or labels.
        """
        kept = _readable(data_root, away=held_out)
        if held_out:
            kept = [face for face in kept if is_for_figures(face.name)]
        else:  # as often a font that no model has seen as one that they learned from
            unseen = [face for face in _readable(data_root, away=True) if not is_for_figures(face.name)]
            kept += unseen * (len(kept) // max(1, len(unseen)))
        if not kept:
            raise DataError(f"no font in {data_root} writes digits that can be read; fetch the data again")
        if images is None:
            return cls(tuple(kept))
        if labels is None or len(labels) != len(images):
            raise DataError("digits without a label for each came; pass both, of equal length")
        numbers = np.arange(len(images)) // 100 if writers is None else np.asarray(writers)
        here = np.zeros(len(images), bool)
        return cls(tuple(kept), hands.Written("mnist", images, np.asarray(labels), numbers, here))


def _readable(data_root: Path, *, away: bool) -> list[Face]:
    """Fonts whose digits can be read; of those kept for measuring, none where the folder has none."""
    try:
        found = Faces.load(data_root, held_out=away).faces
    except DataError:
        if away and Faces.load(data_root).faces:
            return []
        raise
    return [face for face in found if face.name not in fonts.UNREADABLE]


def is_for_figures(name: str) -> bool:
    """Whether figures are reported on a font kept for measuring; on the others confidences are fitted."""
    return zlib.crc32(name.encode()) // 10 % 2 == 1
