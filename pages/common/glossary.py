"""The glossary: every term of the lesson with one sentence, its formula or shape, and its name in the other language.

The words stand in `locales/<language>/glossary.md`. A passage leads to an entry by a link `[state](#term-state)`;
the element draws the button in the menu and, at such a link, the entry beside it. All of it runs in the browser.
"""

import re
from functools import cache
from pathlib import Path

from pages.common.browser import element
from pages.common.language import LANGUAGES, _, language, passages

# A formula is the same in every language. Products as in Keras: rows times matrices.
FORMULAS = {
    "state": "hₜ: (batch, units)",
    "timestep": "t = 1, …, T",
    "feature": "xₜ: (batch, input_features)",
    "unit": "units",
    "cell": "hₜ = f(xₜ, hₜ₋₁)",
    "kernel": "W: (input_features, blocks · units)",
    "recurrent_kernel": "U: (units, blocks · units)",
    "bias": "b: (blocks · units,)   GRU: (2, 3 · units)",
    "sequence": "(timesteps, input_features)",
    "batch": "(batch, timesteps, input_features)",
    "return_sequences": "True: (batch, timesteps, units)   False: (batch, units)",
    "layer": "Sequential([Input, layer, layer, …])",
    "shape": "(axis 0, axis 1, …)",
    "parameter": "blocks · units · (input_features + units + 1)",
    "activation": "σ(a) = 1 / (1 + e⁻ᵃ)",
    "saturation": "tanh′(a) = 1 − tanh²(a) ≈ 0",
    "gate": "gₜ = σ(xₜ·Wg + hₜ₋₁·Ug + bg)",
    "forget_gate": "σ(1) ≈ 0.73",
    "input_gate": "cₜ = fₜ·cₜ₋₁ + iₜ·kₜ",
    "output_gate": "hₜ = oₜ·tanh(cₜ)",
    "update_gate": "hₜ = zₜ·hₜ₋₁ + (1 − zₜ)·kₜ",
    "reset_gate": "kₜ = tanh(xₜ·Wk + bk + rₜ·(hₜ₋₁·Uk + ck))",
    "candidate": "kₜ = tanh(xₜ·Wk + hₜ₋₁·Uk + bk)",
    "carry": "cₜ = fₜ·cₜ₋₁ + iₜ·kₜ",
    "lstm": "cₜ = fₜ·cₜ₋₁ + iₜ·kₜ   hₜ = oₜ·tanh(cₜ)",
    "gru": "hₜ = zₜ·hₜ₋₁ + (1 − zₜ)·kₜ",
    "embedding": "(batch, timesteps) → (batch, timesteps, dimension)",
    "word_index": "0, 1, 2, 3 + …",
    "padding": 'pad_sequences(…, padding="pre", truncating="pre")',
    "mask": "Embedding(…, mask_zero=True): (batch, timesteps)",
    "epoch": "samples / batch_size",
    "loss": "−mean(log p)   mean((y − ŷ)²)",
    "accuracy": "right / all",
    "validation": "val_loss, val_accuracy",
    "overfitting": "loss ↓   val_loss ↑",
    "gradient": "∂L/∂hₜ = ∂L/∂hₜ₊₁ · ∂hₜ₊₁/∂hₜ",
    "bptt": "∂L/∂U = Σₜ hₜ₋₁ᵀ · ∂L/∂aₜ",
    "jacobian": "Jₜ = ∂hₜ/∂hₜ₋₁",
    "singular_value": "σ₁ ≥ σ₂ ≥ … ≥ 0   ‖J·v‖ ≤ σ₁·‖v‖",
    "spectral_radius": "ρ(U) = max |λᵢ|",
    "half_life": "log 0.5 / log 0.9 = 6.6",
    "clipping": "global_clipnorm=1.0   g ← g · min(1, 1/‖g‖)",
    "seed": "keras.utils.set_random_seed(0)",
    "learning_rate": "w ← w − η · ∂L/∂w",
    "bag_of_words": "mean(x₁, …, x_T)",
}

_ENTRY = re.compile(r"\*\*(.+?)[.：]?\*\*[：:]?\s*(.+)", re.DOTALL)
_draw = element(Path(__file__).with_suffix(".js"), html='<div class="glossary"></div>')


@cache
def entries(code: str) -> tuple[dict[str, str], ...]:
    """Return the entries of a language by their names' order in its file, each with its name in the other language."""
    other = next(known for known in LANGUAGES if known != code)
    names = {term: _parted(text)[0] for term, text in passages(other, "glossary").items()}
    made = []
    for term, text in passages(code, "glossary").items():
        name, sentence = _parted(text)
        made.append(
            {"id": term, "name": name, "other": names[term], "sentence": sentence, "formula": FORMULAS[term]}
        )
    return tuple(made)


def _parted(entry: str) -> tuple[str, str]:
    found = _ENTRY.fullmatch(entry)
    if found is None:
        raise ValueError(f"a glossary's entry is a bold name and a sentence, not {entry!r}")
    return found[1], found[2].replace("`", "")


def glossary() -> None:
    """Draw the button that opens the glossary, and let the passages' links lead to its entries."""
    words = {"title": _("Glossary"), "find": _("Find a term"), "none": _("No such term."), "close": _("Close")}
    _draw(key="glossary", data={"entries": list(entries(language())), "words": words})
