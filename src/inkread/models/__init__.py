"""Network architectures as plain `keras.Model`s: sizes and classes in, an untrained model out.

Models return logits (softmax lives in `inkread.decode`); the tutorial's CNN alone keeps the softmax it is
taught with. Nothing here trains, loads or saves.
"""

from inkread.models.characters import characters, digits, quick, tutorial
from inkread.models.ink import ink
from inkread.models.lines import lines

__all__ = ["characters", "digits", "ink", "lines", "quick", "tutorial"]
