"""What several tests of the material have in common."""

import numpy as np
import pytest

from inkread.data import fieldpools, sources
from inkread.synth.fieldhands import FieldHands


@pytest.fixture
def few_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    images, labels = (a[:3000] for a in sources.mnist("test"))
    letters = dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", images[:4])
    writers = {0: tuple(np.flatnonzero(labels == digit) for digit in range(10))}
    hands = FieldHands(False, images, writers, capitals=letters)
    monkeypatch.setattr(fieldpools, "hands", lambda part: hands)
