"""The loss of line networks: connectionist temporal classification, on every Keras backend.

Source: Graves et al., Connectionist temporal classification, ICML 2006.
"""

from __future__ import annotations

from typing import Any

import keras

__all__ = ["loss"]


def loss(told: Any, logits: Any) -> Any:
    """How improbable the texts are, as -log of their probability a character.

    Args:
        told: `(n, 1 + longest)` integers: frames of each line, then its classes, 0 behind the end; see
            `inkread.data.linebatches.packed`.
        logits: `(n, frames, classes)`; class 0 is the blank.

    Returns:
        `(n,)`.
    """
    ops = keras.ops
    told = ops.cast(told, "int32")
    frames, classes = told[:, 0], told[:, 1:]
    lengths = ops.sum(ops.cast(classes > 0, "int32"), axis=1)
    logits = ops.cast(logits, "float32")
    if keras.backend.backend() == "tensorflow":
        losses = _tensorflow(classes, logits, lengths, frames)
    else:
        losses = ops.ctc_loss(classes, logits, lengths, frames, mask_index=0)
    return losses / ops.cast(ops.maximum(lengths, 1), "float32")


def _tensorflow(classes: Any, logits: Any, lengths: Any, frames: Any) -> Any:
    """TensorFlow's own kernel, which wants the blank last: many times faster than `keras.ops` on a CPU."""
    import tensorflow as tf

    # The kernel refuses lines without a text: these are all blanks, which is said without it.
    empty = lengths == 0
    needed = tf.maximum(lengths, 1)
    told = tf.sequence_mask(needed, tf.shape(classes)[1])
    places = tf.where(told)
    values = tf.maximum(tf.gather_nd(classes, places), 1)
    sparse = tf.SparseTensor(places, values - 1, tf.shape(classes, out_type=tf.int64))
    losses = tf.compat.v1.nn.ctc_loss(
        sparse,
        tf.concat([logits[..., 1:], logits[..., :1]], -1),
        frames,
        time_major=False,
        ignore_longer_outputs_than_inputs=True,
    )
    there = tf.sequence_mask(frames, tf.shape(logits)[1], logits.dtype)
    blanks = -tf.reduce_sum(tf.nn.log_softmax(logits)[..., 0] * there, axis=1)
    return tf.where(empty, blanks, losses)
