"""Metrics for Keras: what they count, on any backend, saved with the model."""

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread import metrics  # noqa: E402
from inkread.errors import UsageError  # noqa: E402
from inkread.evaluation.metrics import edit_distance  # noqa: E402


def told(metric, y_true, y_pred, sample_weight=None):
    metric.update_state(y_true, y_pred, sample_weight)
    return float(metric.result())


def hot(rows, classes=4):
    """Answers that are sure of these classes, as logits."""
    return 9.0 * np.eye(classes, dtype=np.float32)[np.asarray(rows)]


def field(text, length=6):
    """A text of the letters a, b, c as class numbers 1, 2, 3, filled up with the blank 0."""
    return [" abc".index(letter) for letter in text.ljust(length)]


@pytest.mark.parametrize("metric", [metrics.CharacterErrorRate, metrics.FieldAccuracy, metrics.ReadRateAt])
def test_a_metric_says_nothing_before_the_first_reading_and_begins_anew(metric):
    made = metric()
    assert float(made.result()) == 0
    told(made, [1, 2], hot([1, 1]))
    made.reset_state()
    assert float(made.result()) == 0


@pytest.mark.parametrize(
    "y_true",
    [
        pytest.param([1, 2, 3, 0], id="numbers"),
        pytest.param([[1], [2], [3], [0]], id="numbers in a column"),
        pytest.param(np.eye(4)[[1, 2, 3, 0]], id="one-hot"),
    ],
)
def test_of_single_characters_they_are_error_and_accuracy(y_true):
    answers = hot([1, 2, 3, 3])
    assert told(metrics.CharacterErrorRate(), y_true, answers) == 0.25
    assert told(metrics.FieldAccuracy(), y_true, keras.ops.softmax(answers)) == 0.75


@pytest.mark.parametrize(
    ("truth", "read"),
    [("abc", "abc"), ("abc", "acb"), ("abca", "bca"), ("ab", "abab"), ("", "cc"), ("aabb", ""), ("a", "b")],
)
def test_edits_of_fields_are_levenshteins(truth, read):
    rng = np.random.default_rng(len(truth))
    other = "".join(rng.choice(list("abc"), 5))  # something to divide by
    metric = metrics.CharacterErrorRate(blank=0)
    share = told(metric, [field(truth), field(other)], hot([field(read), field(other)]))
    assert share == pytest.approx(edit_distance(truth, read) / (len(truth) + 5))


def test_random_fields_of_unequal_room_are_counted_like_one_by_one():
    rng = np.random.default_rng(0)
    truths = ["".join(rng.choice(list("abc"), rng.integers(1, 7))) for _ in range(64)]
    reads = ["".join(rng.choice(list("abc"), rng.integers(0, 10))) for _ in range(64)]
    share = told(
        metrics.CharacterErrorRate(blank=0), [field(t) for t in truths], hot([field(r, 9) for r in reads])
    )
    wanted = sum(map(edit_distance, truths, reads)) / sum(map(len, truths))
    assert share == pytest.approx(wanted, rel=1e-6)


def test_a_network_trained_with_ctc_repeats_itself():
    truth, read = [field("aab")], hot([[0, 1, 1, 0, 1, 2, 2, 0]])
    assert told(metrics.FieldAccuracy(blank=0, merge_repeats=True), truth, read) == 1
    assert told(metrics.FieldAccuracy(blank=0), truth, read) == 0


@pytest.mark.parametrize(
    "y_true",
    [
        pytest.param([[1, 2, -1], [3, -1, -1]], id="negative numbers"),
        pytest.param(np.stack([np.eye(5)[[1, 2, 4]], np.eye(5)[[3, 4, 4]]])[..., :4], id="one-hot zeros"),
    ],
)
def test_fields_are_filled_up(y_true):
    answers = hot([[1, 2, 0], [1, 0, 0]])
    metric = metrics.CharacterErrorRate(blank=0)
    assert told(metric, y_true, answers) == pytest.approx(1 / 3)


def exact_read_rate(confidence, right, target):
    """By sorting, one threshold after the other."""
    order = np.argsort(-confidence)
    wrong, n = np.cumsum(~right[order]), np.arange(1, len(right) + 1)
    return max((n[wrong <= target * n]), default=0) / len(right)


@pytest.mark.parametrize("target", [0.0, 0.01, 0.1])
@pytest.mark.parametrize("scale", [0.5, 2.0, 12.0])
def test_the_read_rate_is_the_exact_one_to_a_step(target, scale):
    rng = np.random.default_rng(7)
    truth = rng.integers(0, 4, 3000)
    logits = scale * (1.5 * np.eye(4)[truth] + rng.normal(size=(3000, 4))).astype(np.float32)
    rest = np.sort(logits.astype(float), axis=1)
    confidence = rest[:, -1] - np.log(np.exp(rest[:, :-1] - rest[:, -1:]).sum(1)) - rest[:, -1]
    exact = exact_read_rate(confidence, logits.argmax(1) == truth, target)
    metric = metrics.ReadRateAt(target)
    for part in np.split(np.arange(3000), 3):
        share = told(metric, truth[part], logits[part])
    assert exact - 0.03 <= share <= exact + 1e-6
    shares = keras.ops.convert_to_numpy(keras.ops.softmax(logits))
    assert told(metrics.ReadRateAt(target), truth, shares) == pytest.approx(share, abs=0.01)


def test_a_field_is_as_sure_as_all_its_characters_together():
    sure, doubtful = [9.0, 0.0], [0.5, 0.0]
    answers = np.array([[sure, sure], [sure, doubtful], [doubtful, doubtful]])
    assert told(metrics.ReadRateAt(0.0), [[0, 0], [0, 0], [0, 1]], answers) == pytest.approx(2 / 3)
    assert told(metrics.ReadRateAt(0.0), [[0, 1], [0, 0], [0, 0]], answers) == 0


def test_what_is_none_of_the_classes_is_never_read():
    answers = np.array([[6, 0, 0], [0, 5, 0], [0, 1, 4], [3, 0, 0]], np.float32)
    metric = metrics.ReadRateAt(0.0, reject=2)
    assert told(metric, [0, 1, 2, 2], answers) == 0.5


def test_weights_count():
    weight = [3.0, 1.0]
    assert told(metrics.FieldAccuracy(), [1, 2], hot([1, 1]), weight) == 0.75
    assert told(metrics.CharacterErrorRate(), [1, 2], hot([1, 1]), weight) == 0.25
    answers = np.array([[0, 9, 0], [0, 1, 0]], np.float32)
    assert told(metrics.ReadRateAt(0.0), [1, 2], answers, weight) == 0.75


@pytest.mark.parametrize(
    "metric",
    [
        metrics.CharacterErrorRate(blank=3, merge_repeats=True),
        metrics.FieldAccuracy(blank=2, name="whole"),
        metrics.ReadRateAt(0.05, reject=10),
    ],
    ids=lambda metric: metric.name,
)
def test_a_metric_is_saved_and_loaded(metric):
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert type(again) is type(metric) and again.get_config() == metric.get_config()


def test_they_go_into_compile_and_callbacks_know_their_direction(tmp_path):
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    kinds = [metrics.CharacterErrorRate(), metrics.FieldAccuracy(), metrics.ReadRateAt(0.1)]
    network.compile("sgd", loss, metrics=[*kinds, "accuracy"])
    x, y = np.random.default_rng(0).normal(size=(40, 4)).astype(np.float32), np.arange(40) % 3
    stop = keras.callbacks.EarlyStopping(monitor="val_read_rate_at_0.1", patience=1)
    told = network.fit(x, y, validation_data=(x, y), epochs=1, verbose=0, callbacks=[stop]).history
    assert told["val_field_accuracy"] == pytest.approx(told["val_accuracy"])
    assert told["val_character_error_rate"] == pytest.approx(1 - np.array(told["val_accuracy"]))
    assert stop.monitor_op is keras.ops.greater
    network.save(tmp_path / "mine.keras")
    again = keras.saving.load_model(tmp_path / "mine.keras").evaluate(x, y, verbose=0, return_dict=True)
    assert again == pytest.approx({key[4:]: values[-1] for key, values in told.items() if "val_" in key})


@pytest.mark.parametrize(
    ("y_true", "y_pred", "message"),
    [
        (np.zeros((2, 3)), np.zeros((2, 4)), r"y_true has the shape \(2, 3\); expected \(n,\) or \(n, 4\)"),
        (np.zeros(2), np.zeros((2, 5, 4)), r"expected \(n, length\) or \(n, length, 4\)"),
        (np.zeros(2), np.zeros(2), r"y_pred has the shape \(2,\); expected \(n, classes\)"),
    ],
)
def test_shapes_that_do_not_fit_are_told(y_true, y_pred, message):
    with pytest.raises(UsageError, match=message):
        metrics.FieldAccuracy().update_state(y_true, y_pred)


def test_a_target_is_a_share():
    with pytest.raises(UsageError, match=r"target_error is 1.5; expected a share"):
        metrics.ReadRateAt(1.5)


def test_a_misspelt_metric_is_an_attribute_error():
    with pytest.raises(AttributeError, match="it has CharacterErrorRate, FieldAccuracy, ReadRateAt"):
        _ = metrics.ReadRate


def test_without_keras_a_metric_says_what_to_install(monkeypatch):
    monkeypatch.setattr(metrics, "find_spec", lambda name: None)
    with pytest.raises(Exception, match=r"ReadRateAt needs keras, .* pip install '\.\[train\]'"):
        _ = metrics.ReadRateAt
