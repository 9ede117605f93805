"""One epoch of a network that learns from batches made ahead by other processes."""

from __future__ import annotations

from collections.abc import Iterator

import keras

from inkread.data.supply import Pair, Supply
from inkread.errors import DataError
from inkread.training.callbacks import Progress

__all__ = ["epoch", "epoch_of_shapes"]


def epoch(network: keras.Model, supply: Supply, number: int, steps: int, progress: Progress) -> float:
    """Learn from the batches of one epoch.

    Args:
        network: compiled.
        supply: of the run.
        number: of the epoch, from 0.
        steps: batches an epoch.
        progress: hears after every batch.

    Returns:
        The mean loss.

    Raises:
        DataError: what the batches are made of is damaged.
    """
    failed: list[DataError] = []

    def batches() -> Iterator[Pair]:
        try:
            for step in range(steps):
                yield supply.get(number, step, steps)
        except DataError as error:
            failed.append(error)
            raise

    try:
        fitted = network.fit(
            batches(), epochs=1, steps_per_epoch=steps, verbose=0, shuffle=False, callbacks=[progress]
        )
    except Exception as error:
        # The backend wraps what a generator raises in an error of its own.
        raise (failed[0] if failed else error) from None
    return float(fitted.history["loss"][-1])


def epoch_of_shapes(
    network: keras.Model, supply: Supply, number: int, steps: int, progress: Progress
) -> float:
    """Like `epoch`, for batches of any shapes: `fit` takes the first two for the rule.

    Returns:
        The mean loss; not finite, and the epoch cut short, where a batch's is not.

    Raises:
        DataError: what the batches are made of is damaged.
    """
    progress.set_model(network)
    network.stop_training = False
    network.reset_metrics()
    mean = 0.0
    for step in range(steps):
        mean = float(network.train_on_batch(*supply.get(number, step, steps)))
        progress.on_train_batch_end(step, {"loss": mean})
        if network.stop_training:
            break
    return mean
