"""Logits held against a whole language of texts at once: how likely it is that a line says any text of it.

A `Language` is a position automaton (`formats.automaton`) laid out for sums over all its texts: `log_share`
gives the exact CTC probability that what is written is one of them, whichever, and `draws` gives some of
them, each as often as it is likely. Nothing is pruned, so that a grammar of millions of texts is searched as
surely as one of two. Case tells nothing here: `folded` brings logits to the small letters of a language, and
takes a share of every frame for misreadings, so that one wrong character costs much and not all.

Source: Graves et al., Connectionist temporal classification, ICML 2006; the sum runs over the product of the
CTC topology and the automaton as in Mohri, Pereira and Riley, Weighted finite-state transducers in speech
recognition, 2002.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.alphabet import BLANK, Alphabet
from inkread.decode.ctc import check, log_softmax
from inkread.formats.automaton import Automaton

__all__ = ["Language", "Shares", "draws", "folded", "log_share"]

_TINY = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """A line as languages see it.

    Attributes:
        blank: `(frames,)`, the probability of no character.
        shown: `(frames, characters)`, of each character.
        characters: of the columns.
    """

    blank: NDArray[np.float64]
    shown: NDArray[np.float64]
    characters: str


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A set of texts. A state is a place of the automaton with one character that may stand there.

    Attributes:
        letters: `(states,)`, the column of each state's character.
        first: `(states,)`, whether a text may begin with it.
        last: `(states,)`, whether one may end with it.
        before: arcs, the state that each comes from, ordered by where they go to.
        starts: where the arcs to each state of `reached` begin.
        reached: the states that an arc goes to.
        repeats: of each arc, whether the same character stands at both ends.
        characters: that the columns stand for.
    """

    letters: NDArray[np.int64]
    first: NDArray[np.bool_]
    last: NDArray[np.bool_]
    before: NDArray[np.int64]
    starts: NDArray[np.int64]
    reached: NDArray[np.int64]
    repeats: NDArray[np.bool_]
    characters: str

    @classmethod
    def of(cls, pattern: str, characters: str) -> Language:
        """The texts of a pattern.

        Args:
            pattern: as `formats.automaton.Automaton` takes it, in small letters.
            characters: that a text may hold; they are the columns of `folded`.

        Raises:
            UsageError: the pattern stands for no text of these characters.
        """
        graph = Automaton(pattern, characters).graph()
        place = {c: k for k, c in enumerate(characters)}
        states = [(q, place[c]) for q, held in enumerate(graph.holds) for c in sorted(held)]
        own: dict[int, list[int]] = {}
        for number, (q, _) in enumerate(states):
            own.setdefault(q, []).append(number)
        arcs = [
            (there, here)
            for here, (p, _) in enumerate(states)
            for q in graph.follow[p]
            for there in own.get(q, ())
        ]
        pairs = np.array(sorted(arcs), np.int64).reshape(-1, 2)
        letters = np.array([letter for _, letter in states], np.int64)
        reached, starts = np.unique(pairs[:, 0], return_index=True)
        return cls(
            letters,
            np.array([q in graph.follow[0] for q, _ in states]),
            np.array([q in graph.final for q, _ in states]),
            pairs[:, 1].copy(),
            starts.astype(np.int64),
            reached,
            letters[pairs[:, 0]] == letters[pairs[:, 1]],
            characters,
        )


def folded(logits: NDArray[np.float32], alphabet: Alphabet, characters: str, misread: float) -> Shares:
    """Logits as a language sees them: small and capital letters together, with room for misreadings.

    Args:
        logits: `(frames, classes)`.
        alphabet: of the model.
        characters: of the language; what else a model may say, nothing of the language does.
        misread: the share of every frame that is spread evenly over the blank and all characters, 0..1.

    Raises:
        ModelError: the logits do not fit the alphabet.
    """
    check(logits, alphabet)
    said = np.exp(log_softmax(logits))
    shown = np.zeros((len(said), len(characters)))
    for k, c in enumerate(alphabet.characters, start=BLANK + 1):
        at = characters.find(c.lower())
        if at >= 0:
            shown[:, at] += said[:, k]
    even = misread / (len(characters) + 1)
    return Shares((1 - misread) * said[:, BLANK] + even, (1 - misread) * shown + even, characters)


def log_share(seen: Shares, language: Language) -> float:
    """The logarithm of the probability that a line says one of a language's texts.

    A text that the pattern describes in several ways counts as often: patterns should describe each once, and
    shares of two patterns with the same ambiguities may be compared all the same.

    Args:
        seen: the line, `folded` to the language's characters.
        language: the texts.

    Returns:
        0 or less; -inf where the frames are too few for every text.
    """
    return _forward(seen, language).total


@dataclass(frozen=True, slots=True, eq=False)
class _Forward:
    """What is likely after each frame, scaled: `(frames, states)` within a character, and behind it."""

    within: NDArray[np.float64]
    behind: NDArray[np.float64]
    start: NDArray[np.float64]
    total: float


def _forward(seen: Shares, language: Language) -> _Forward:
    frames, states = len(seen.blank), len(language.letters)
    within, behind = np.zeros((frames, states)), np.zeros((frames, states))
    start, total, bare = np.zeros(frames), 0.0, 1.0
    inside, after = np.zeros(states), np.zeros(states)
    for t in range(frames):
        entering = _entering(inside, after, language) + bare * language.first
        after = (inside + after) * seen.blank[t]
        inside = (inside + entering) * seen.shown[t][language.letters]
        bare *= seen.blank[t]
        scale = float(inside.sum() + after.sum() + bare) or _TINY
        inside, after, bare = inside / scale, after / scale, bare / scale
        total += float(np.log(scale))
        within[t], behind[t], start[t] = inside, after, bare
    ended = float((inside + after) @ language.last)
    return _Forward(within, behind, start, total + float(np.log(ended)) if ended > 0 else -np.inf)


def _entering(
    inside: NDArray[np.float64], after: NDArray[np.float64], language: Language
) -> NDArray[np.float64]:
    """What comes to each state from others: from behind a character always, from within another one."""
    coming = after[language.before] + inside[language.before] * ~language.repeats
    found = np.zeros(len(inside))
    if len(language.starts):
        found[language.reached] = np.add.reduceat(coming, language.starts)
    return found


def draws(seen: Shares, language: Language, count: int, seed: int = 0) -> list[str]:
    """Texts of a language, each drawn as often as it is likely to be what a line says.

    Args:
        seen: the line.
        language: the texts.
        count: how many to draw.
        seed: the same gives the same draws.

    Returns:
        The texts, likely ones many times; none where the line is too short for all of them.
    """
    forward = _forward(seen, language)
    if not np.isfinite(forward.total):
        return []
    rng = np.random.default_rng(seed)
    return [_drawn(forward, language, rng) for _ in range(count)]


def _drawn(forward: _Forward, language: Language, rng: np.random.Generator) -> str:
    """One text, from its end to its beginning."""
    ends = language.last
    weights = np.concatenate([forward.within[-1] * ends, forward.behind[-1] * ends])
    state, is_within = _chosen(weights, rng, len(ends))
    said: list[str] = []
    bounds = {int(q): k for k, q in enumerate(language.reached)}
    for t in range(len(forward.start) - 1, -1, -1):
        inside, after = (forward.within[t - 1], forward.behind[t - 1]) if t else (None, None)
        if not is_within:
            assert inside is not None and after is not None
            is_within = bool(rng.random() * (inside[state] + after[state]) < inside[state])
            continue
        if inside is None or after is None:
            said.append(language.characters[language.letters[state]])
            break
        k = bounds.get(state)
        arcs = slice(0, 0)
        if k is not None:
            end = language.starts[k + 1] if k + 1 < len(language.starts) else len(language.before)
            arcs = slice(int(language.starts[k]), int(end))
        before = language.before[arcs]
        weights = np.concatenate(
            [
                [inside[state], forward.start[t - 1] * language.first[state]],
                inside[before] * ~language.repeats[arcs],
                after[before],
            ]
        )
        pick = int(np.searchsorted(np.cumsum(weights), rng.random() * weights.sum()))
        if pick == 0:
            continue
        said.append(language.characters[language.letters[state]])
        if pick == 1:
            break
        pick -= 2
        is_within = pick < len(before)
        state = int(before[pick % len(before)])
    return "".join(reversed(said))


def _chosen(weights: NDArray[np.float64], rng: np.random.Generator, states: int) -> tuple[int, bool]:
    pick = int(np.searchsorted(np.cumsum(weights), rng.random() * weights.sum()))
    return pick % states, pick < states
