"""The toy RNN as a program."""


def program(timesteps: int, input_features: int, units: int) -> list[str]:
    """Return the lines shown beside the picture; run on its W, U, b and inputs, they compute its numbers."""
    return [
        "# W, U, b, inputs = ...",
        f"state = np.zeros({units})",
        "outputs = []",
        f"for x in inputs:          # {timesteps} × {input_features}",
        "    output = np.tanh(W @ x + U @ state + b)",
        "    outputs.append(output)",
        "    state = output",
        "sequence = np.stack(outputs)",
    ]
