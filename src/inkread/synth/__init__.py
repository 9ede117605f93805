"""Handwriting that looks real, drawn from a seed: digits, things that are no digits, and photos of both.

`hands` gives marks (ink coverage, float32 0..1), `camera` photographs a mark, `digits` and `rejects` do
both at once and hand back a labelled `Sample`. Everything random comes from the `rng` that is passed in.
"""
