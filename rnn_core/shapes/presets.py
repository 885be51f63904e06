"""The stacks that a page offers."""

from rnn_core.shapes.stack import Dense, Embedding, Recurrent, Stack

_WORDS = Embedding(10_000, 32)
_SEQUENCES = Recurrent("simple_rnn", 32, return_sequences=True)
_SIGMOID = Dense(1, "sigmoid")

#: The article's three summaries, its three models of IMDB, and three classic mistakes. Keras refuses the first two
#: of these; the third it builds without a word, with an answer for every word of the review.
PRESETS: dict[str, Stack] = {
    "embedding_simple_rnn": Stack(_WORDS, (Recurrent("simple_rnn", 32),)),
    "embedding_simple_rnn_sequences": Stack(_WORDS, (_SEQUENCES,)),
    "stacked_simple_rnn": Stack(_WORDS, (_SEQUENCES, _SEQUENCES, _SEQUENCES, Recurrent("simple_rnn", 32))),
    "imdb_simple_rnn": Stack(_WORDS, (Recurrent("simple_rnn", 32), _SIGMOID)),
    "imdb_lstm": Stack(_WORDS, (Recurrent("lstm", 32), _SIGMOID)),
    "imdb_gru": Stack(_WORDS, (Recurrent("gru", 32), _SIGMOID)),
    "mistake_no_sequences": Stack(_WORDS, (Recurrent("lstm", 32), Recurrent("lstm", 32), _SIGMOID)),
    "mistake_state_in_the_middle": Stack(
        _WORDS, (Recurrent("lstm", 32, return_sequences=True, return_state=True), Recurrent("lstm", 32), _SIGMOID)
    ),
    "mistake_answer_per_timestep": Stack(_WORDS, (Recurrent("gru", 32, return_sequences=True), _SIGMOID)),
}
DEFAULT = PRESETS["embedding_simple_rnn"]
