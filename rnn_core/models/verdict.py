"""How a network that answers yes or no makes up its mind, word by word.

A score is the number that goes into the last sigmoid: log(p / (1 - p)), the log-odds. Steps are told in scores, since
a probability near 0 or 1 hardly moves any more whatever is read.

Three ways to ask what a word did to the verdict, and none proves what the network "thinks":

    the step     what the score gained when the word was read, given all before it and nothing after it
    left out     what the score loses if this word alone is not there
    saliency     what the score would gain if the word's vector grew, to first order
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_core.cells import LSTMState
from rnn_core.cells.activations import sigmoid
from rnn_core.cells.registry import CELLS, CellTrace, cell_of
from rnn_core.cells.weights import Array
from rnn_core.models.bag_of_words import BagOfWords
from rnn_core.models.network import BAG_OF_WORDS, Network
from rnn_core.models.trained import Trained, state_before

Judge = Trained | BagOfWords
Tokens = NDArray[np.int32]
Mask = NDArray[np.bool_]

# So many sequences are read side by side, where one is read in as many ways as it has words: enough for a matrix
# product to pay, and their traces still fit into a processor's cache.
TOGETHER = 64


def judge_from_arrays(network: Network, arrays: Mapping[str, Array]) -> Judge:
    """Put a network with a cell or a bag of words together from the arrays of a training. Raises NotANetwork."""
    return (BagOfWords if network.cell == BAG_OF_WORDS else Trained).from_arrays(network, arrays)


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network says after each word of one text.

    Attributes:
        network: which one has read.
        tokens: what it has read, (timesteps,).
        mask: (timesteps,), False where a token was skipped; None if all were read.
        scores: before the first word and after each, (timesteps + 1,), as if the text ended there.
        traces: of each layer, a batch of one; of a Bidirectional the half that reads forwards. None for a bag of words.
    """

    network: Judge
    tokens: Tokens
    mask: Mask | None
    scores: Array
    traces: tuple[CellTrace, ...]

    @property
    def probabilities(self) -> Array:
        """P(positive) before the first word and after each, (timesteps + 1,)."""
        return sigmoid(self.scores)

    @property
    def steps(self) -> Array:
        """By how much each word moved the score, (timesteps,)."""
        return np.diff(self.scores)

    @property
    def moved(self) -> Array:
        """By how much each word moved the probability, (timesteps,)."""
        return np.diff(self.probabilities)

    @property
    def trace(self) -> CellTrace | None:
        """How the first layer has read, a batch of one; None for a bag of words."""
        return self.traces[0] if self.traces else None


@dataclass(frozen=True, eq=False)
class Saliency:
    """How the last score changes with the vector that each word becomes.

    Attributes:
        signed: ∂score/∂x · x, (timesteps,): "gradient × input", what the word adds to first order.
        lengths: ‖∂score/∂x‖, (timesteps,): how much any change of the vector would matter.
    """

    signed: Array
    lengths: Array


def reading(network: Judge, tokens: ArrayLike, mask: ArrayLike | None = None) -> Reading:
    """Let a network read one text, and ask it for its verdict after each word.

    After a word, it has read nothing else than the words up to here: in one pass where all layers read forwards. A
    network that reads in both directions begins again for each word, since its backward half starts at the last one.

    Args:
        network: with the answer "binary".
        tokens: (timesteps,); none at all is a text too.
        mask: (timesteps,), False where a token is skipped, as an Embedding with mask_zero=True tells the layers.

    Raises:
        ValueError: the network's answer is no single probability.
    """
    row, skip = _checked(network, tokens, mask)
    if isinstance(network, BagOfWords):
        return Reading(network, row, skip, _scores(network, _averages(network.embed(row), skip)), ())
    if not len(row):
        return Reading(network, row, skip, network.head_bias.copy(), ())
    traces = _pass(network, row, skip)[0]
    scores = _after_each(network, traces) if _forwards(network) else _by_prefixes(network, row, skip)
    return Reading(network, row, skip, scores, traces)


def reread(previous: Reading, tokens: ArrayLike, mask: ArrayLike | None = None) -> Reading:
    """Read an edited text from the first word on that has changed; what stands before it has been read already.

    Args:
        previous: what the same network made of the text before the edit.
        tokens, mask: of the edited text, as of `reading`. With a mask, or in both directions, all is read again.
    """
    network = previous.network
    row, skip = _checked(network, tokens, mask)
    both = min(len(row), len(previous.tokens))
    same = int(np.cumprod(row[:both] == previous.tokens[:both]).sum())
    masked = skip is not None or previous.mask is not None
    if isinstance(network, BagOfWords) or not _forwards(network) or masked or same in (0, len(row)):
        return reading(network, row, skip)
    inputs, traces = network.embed(row[np.newaxis, same:]), []
    for (weights,), before in zip(network.layers, previous.traces, strict=True):
        later = CELLS[network.cell].forward(inputs, weights, initial_state=_state_after(before, same))
        inputs = later.outputs
        traces.append(_joined(before.until(same), later))
    return Reading(network, row, None, _after_each(network, traces), tuple(traces))


def saliency(
    network: Judge, tokens: ArrayLike, mask: ArrayLike | None = None, *, read: Reading | None = None
) -> Saliency:
    """Send the gradient of the last score back to the vector of each word, through all layers and directions.

    Args:
        network, tokens, mask: as of `reading`.
        read: what `reading` made of the same text; it saves reading once more where all layers read forwards.

    Source:
        Simonyan, Vedaldi & Zisserman 2014 (saliency); Denil et al. 2014 (for words); Shrikumar et al. 2016
        (gradient × input).
    """
    row, skip = _checked(network, tokens, mask)
    vectors = network.embed(row)
    gradient = _gradient(network, row, skip, read) if len(row) else np.zeros_like(vectors)
    return Saliency((gradient * vectors).sum(axis=1), np.sqrt((gradient**2).sum(axis=1)))


def after_words(read: Sequence[int], words: int) -> NDArray[np.intp]:
    """Where the verdict after each word of a text stands among a reading's scores, for words that were not read too.

    Args:
        read: for each token the word that it is, counted from 0; -1 for what is no word, such as padding in front.
        words: how many the text has.

    Returns:
        (words + 1,): `scores[after_words(...)]` is the score before the first word and after each. A word that was not
        read leaves it as it was. Tokens that are no words count to the word before them.

    >>> after_words([-1, 0, 2], 3).tolist()     # a start token; the second word is unknown
    [1, 2, 2, 3]
    """
    found = np.zeros(words + 1, np.intp)
    for token, word in enumerate(read):
        found[word + 1 if word >= 0 else found.argmax()] = token + 1
    return np.maximum.accumulate(found)


def left_out(network: Judge, tokens: ArrayLike) -> Array:
    """How far each word holds the verdict up: the last score minus that of the text without this one word.

    A text of n words is read in n ways. Where all layers read forwards, each begins at the state before the missing
    word, so that it costs n²/2 steps of one sequence; in both directions, n² and more.

    Args:
        network, tokens: as of `reading`.

    Returns:
        (timesteps,), positive where the word speaks for "positive".
    """
    row, _none = _checked(network, tokens, None)
    n, whole = len(row), _last_score(network, row)
    if isinstance(network, BagOfWords):
        vectors = network.embed(row)
        return whole - _scores(network, (vectors.sum(axis=0) - vectors) / max(n - 1, 1))
    if n < 2:
        return np.full(n, whole - network.head_bias[0])
    if _forwards(network):
        return whole - _scores(network, _without_each(network, row))
    variants = np.stack([np.delete(row, i) for i in range(n)])
    features = [_pass(network, variants[i : i + TOGETHER])[1] for i in range(0, n, TOGETHER)]
    return whole - _scores(network, np.concatenate(features))


def left_behind(read: Reading, at: int) -> Array:
    """What is left of one word as the network reads on: the score with it minus the score without it.

    Args:
        read: what `reading` made of a text.
        at: the token, counted from 0.

    Returns:
        (timesteps - at,): when it was read, and after each later token. The last number is that of `left_out`.
    """
    others = np.arange(len(read.tokens)) != at
    without = reread(read, read.tokens[others], None if read.mask is None else read.mask[others])
    return read.scores[at + 1 :] - without.scores[at:]


# ------------------------------------------------------------------------------------------------------------ inside


def _checked(network: Judge, tokens: ArrayLike, mask: ArrayLike | None) -> tuple[Tokens, Mask | None]:
    if network.head_kernel.shape[1] != 1 or network.embedding is None:
        raise ValueError("only a network that reads tokens and answers with one probability has a verdict")
    row = np.asarray(tokens, np.int32).reshape(-1)
    return row, None if mask is None else np.asarray(mask, bool).reshape(len(row))


def _forwards(network: Trained) -> bool:
    """Whether no layer reads backwards, so that what was read before a word does not depend on it."""
    return all(len(layer) == 1 for layer in network.layers)


def _scores(network: Judge, features: Array) -> Array:
    """The Dense layer without its sigmoid: (..., features) → (...)."""
    return (features @ network.head_kernel + network.head_bias)[..., 0]


def _last_score(network: Judge, tokens: Tokens) -> Array:
    """The score of a whole text."""
    if isinstance(network, BagOfWords):
        return _scores(network, _averages(network.embed(tokens), None)[-1])
    return _scores(network, _pass(network, tokens)[1][0]) if len(tokens) else network.head_bias[0]


def _averages(vectors: Array, mask: Mask | None) -> Array:
    """The average of no word, of the first one, of the first two, …, (timesteps + 1, features)."""
    read = np.ones(len(vectors)) if mask is None else mask.astype(np.float64)
    sums = np.cumsum(vectors * read[:, np.newaxis], axis=0, dtype=np.float64)
    means = sums / np.maximum(np.cumsum(read), 1)[:, np.newaxis]
    return np.concatenate([np.zeros((1, vectors.shape[1])), means]).astype(vectors.dtype)


def _pass(network: Trained, tokens: Tokens, mask: Mask | None = None) -> tuple[tuple[CellTrace, ...], Array]:
    """Read a row of tokens, or several (batch, timesteps).

    Returns:
        of each layer the trace that reads forwards; and what the Dense layer gets, (batch, features).
    """
    traces, last = _all_traces(network, np.atleast_2d(tokens), None if mask is None else np.atleast_2d(mask))
    return tuple(layer[0] for layer in traces), last


def _all_traces(network: Trained, rows: Tokens, mask: Mask | None) -> tuple[list[list[CellTrace]], Array]:
    outputs, traces = network.embed(rows), []
    forward = CELLS[network.cell].forward
    for layer in network.layers:
        halves = [forward(outputs, own, mask=mask, go_backwards=i == 1) for i, own in enumerate(layer)]
        outputs = np.concatenate([_in_order(half.outputs, half) for half in halves], axis=-1)
        traces.append(halves)
    return traces, np.concatenate([half.outputs[:, -1] for half in traces[-1]], axis=-1)


def _in_order(array: Array, trace: CellTrace) -> Array:
    """What stands in the order in which a trace was read, in the order of the text; and back again."""
    return array[:, ::-1] if trace.go_backwards else array


def _after_each(network: Trained, traces: Sequence[CellTrace]) -> Array:
    """The score after each word, where the last layer reads forwards; before the first, its state is zero."""
    outputs = traces[-1].outputs[0]
    return _scores(network, np.concatenate([np.zeros_like(outputs[:1]), outputs]))


def _by_prefixes(network: Trained, tokens: Tokens, mask: Mask | None) -> Array:
    """The score after each word, each time read from the first word to this one, and back from it."""
    n = len(tokens)
    last = [np.zeros((1, len(network.head_kernel)), network.head_kernel.dtype)]
    for start in range(0, n, TOGETHER):
        end = min(start + TOGETHER, n)
        # What comes later is skipped: a skipped timestep changes no state, in either direction.
        so_far = np.arange(end) <= np.arange(start, end)[:, np.newaxis]
        rows = np.broadcast_to(tokens[:end], so_far.shape)
        last.append(_pass(network, rows, so_far if mask is None else so_far & mask[:end])[1])
    return _scores(network, np.concatenate(last))


def _state_after(trace: CellTrace, timesteps: int) -> Array | LSTMState | None:
    if timesteps < trace.h.shape[1]:
        return state_before(trace, timesteps)
    states = [getattr(trace, name)[:, -1] for name in cell_of(trace).states]
    return LSTMState(*states) if len(states) > 1 else states[0]


def _joined(earlier: CellTrace, later: CellTrace) -> CellTrace:
    """Two readings of which one goes on where the other ended, as one."""
    pairs = {field.name: (getattr(earlier, field.name), getattr(later, field.name)) for field in fields(earlier)}
    both: dict[str, Any] = {
        name: np.concatenate(pair, axis=1) for name, pair in pairs.items() if isinstance(pair[0], np.ndarray)
    }
    return replace(earlier, **both)


def _gradient(network: Judge, tokens: Tokens, mask: Mask | None, read: Reading | None) -> Array:
    """∂score/∂x of each word's vector, (timesteps, embedding_features)."""
    head = network.head_kernel[:, 0]
    if isinstance(network, BagOfWords):
        counted = np.ones((len(tokens), 1), head.dtype) if mask is None else mask[:, np.newaxis].astype(head.dtype)
        return counted * head / max(counted.sum(), 1)
    if read is not None and _forwards(network):
        traces = [[trace] for trace in read.traces]
    else:
        traces, _last = _all_traces(network, tokens[np.newaxis], None if mask is None else mask[np.newaxis])
    backward = CELLS[network.cell].backward
    # What arrives at each output of the layer, in the order of the text: of the last layer only its last output counts,
    # and a backward half gives that at the first word.
    halves = np.split(head, len(traces[-1]))
    arriving = []
    for part, trace in zip(halves, traces[-1], strict=True):
        d_outputs = np.zeros_like(trace.h)
        d_outputs[:, -1] = part
        arriving.append(d_outputs)
    while True:
        layer = traces.pop()
        d_inputs = sum(backward(trace, d).d_inputs for trace, d in zip(layer, arriving, strict=True))
        if not traces:
            return d_inputs[0]
        parts = np.split(d_inputs, len(traces[-1]), axis=-1)
        arriving = [_in_order(part, trace) for part, trace in zip(parts, traces[-1], strict=True)]


def _without_each(network: Trained, tokens: Tokens) -> Array:
    """What the Dense layer gets of the text without its first word, without its second, …, (timesteps, features).

    Text number i begins with the state before word i, and joins in when word i + 1 is read.
    """
    cell, n = CELLS[network.cell], len(tokens)
    whole = _pass(network, tokens)[0]
    # (timesteps, units) of each state of each layer: first the state before the missing word, then what becomes of it
    states = [[getattr(trace, f"{name}_previous")[0].copy() for name in cell.states] for trace in whole]
    vectors = network.embed(tokens)
    for t in range(1, n):
        x = np.broadcast_to(vectors[t], (t, vectors.shape[1]))
        for (weights,), own in zip(network.layers, states, strict=True):
            before = [state[:t] for state in own]
            now = cell.step(x, LSTMState(*before) if len(before) > 1 else before[0], weights)
            for name, state in zip(cell.states, own, strict=True):
                state[:t] = getattr(now, name)
            x = now.h
    return states[-1][0]
