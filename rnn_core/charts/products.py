"""The sum behind one number as a picture: one row per product, the largest first, each with its share as a bar."""

from collections.abc import Mapping, Sequence

from rnn_core.charts import scene as s
from rnn_core.explain.arithmetic import Arithmetic, Factor, Term

WIDTH = 380.0
ROW = 44.0
REACH = 36.0  # of the longest bar, to either side of its axis
SEVERAL = 10

# Which colour a summand's bar and its factors wear.
ROLE = {
    "input": "input", "recurrent": "state", "bias": "bias", "recurrent_bias": "bias",
    "kept": "forget_gate", "added": "input_gate", "shown": "output_gate", "carry": "carry", "carried_over": "state",
    "loss": "bias", "state": "state", "gates": "state", "forget_gate": "forget_gate", "input_gate": "input_gate",
    "candidate": "candidate", "output_gate": "output_gate", "update_gate": "update_gate", "reset_gate": "reset_gate",
}  # fmt: skip


def products(*, arithmetic: Arithmetic, labels: Mapping[str, str], everything: bool = False) -> s.Scene:
    """Draw the products of one number, and below them the sum, the activation and the result.

    Args:
        arithmetic: from `open_number`, or a number of a gradient's way back.
        labels: sum, rest (with {count}), open, alt.
        everything: all products; otherwise the SEVERAL largest, and the rest as one row.
    """
    terms: Sequence[Term] = arithmetic.terms
    rest: Sequence[Term] = ()
    if not everything and len(terms) > SEVERAL + 2:
        biases = [term for term in terms if "bias" in term.part]
        multiplied = [term for term in terms if "bias" not in term.part]
        terms, rest = (*multiplied[:SEVERAL], *biases), multiplied[SEVERAL:]
    sizes = [abs(term.product) for term in terms if abs(term.product) < float("inf")]
    largest = max(sizes, default=0.0) or 1.0
    wide = max((len(term.factors) for term in terms), default=2) > 2
    width = WIDTH + (104 if wide else 0)
    marks: list[s.Mark] = []
    y = 0.0
    for term in terms:
        if "bias" in term.part and y and "bias" not in terms[0].part:
            marks.append(s.path(f"M0 {y + 1}H{width}", w=1, c="thin"))
        lines = _lines(term, width)
        marks += _row(term, lines, y, width, labels["open"])
        y += len(lines) * ROW
        marks += _bar(term.product / largest, y - ROW, width)
    if rest:
        marks.append(s.text(0, y + 27, labels["rest"].format(count=len(rest)), z=14, c="quiet"))
        marks.append(
            s.text(width - 2, y + 27, figure(sum(term.product for term in rest)), a="end", z=16, c="quiet")
        )
        y += ROW
    marks.append(s.path(f"M0 {y + 3}H{width}", w=2))
    y += 12
    results = [(labels["sum"], arithmetic.total)]
    if arithmetic.activation:
        results.append((f"{arithmetic.activation}({figure(arithmetic.total)})", arithmetic.result))
    for i, (name, value) in enumerate(results):
        strong = "strong" if i == len(results) - 1 else ""
        marks.append(s.text(0, y + 20, name, z=16, c=strong))
        marks.append(s.text(width - 2, y + 20, figure(value), a="end", z=18, c=strong))
        y += 30
    return s.scene(width, y + 4, labels["alt"], marks)


def figure(value: float) -> str:
    """A number with three digits behind the point, and in powers of ten where these would all be zero.

    >>> figure(-0.25), figure(0.00012), figure(0.0)
    ('−0.250', '1.2e−4', '0')
    """
    if value == 0:
        return "0"
    if abs(value) < 0.001:
        return f"{value:.1e}".replace("e-0", "e-").replace("-", "−")
    return s.short(value, 3)


def _span(factor: Factor) -> float:
    """How wide a factor is with its name above it."""
    return max(60.0, 7.3 * len(factor.label) + 4)


def _lines(term: Term, width: float) -> list[list[Factor]]:
    """The factors of a product, on a further line where they would reach below the bars."""
    lines: list[list[Factor]] = [[]]
    x = 0.0
    for factor in term.factors:
        if lines[-1] and x + _span(factor) > width - 2 * REACH - 2:
            lines.append([])
            x = 17.0
        lines[-1].append(factor)
        x += _span(factor) + 19
    return lines


def _row(term: Term, lines: Sequence[Sequence[Factor]], y: float, width: float, opens: str) -> list[s.Mark]:
    """One product: each factor with its name above it, and behind the last one what they make."""
    marks: list[s.Mark] = []
    for n, line in enumerate(lines):
        x, top = 0.0, y + n * ROW
        for i, factor in enumerate(line):
            if n or i:
                marks.append(s.text(x + 2, top + 33, "×", z=15, c="quiet"))
                x += 17
            span = _span(factor)
            marks += _factor(factor, x, top, span, ROLE[term.part], opens)
            x += span + 2
    below = y + (len(lines) - 1) * ROW + 33
    marks.append(s.text(width - 2, below, figure(term.product), a="end", z=17, c="strong"))
    return marks


def _bar(share: float, y: float, width: float) -> list[s.Mark]:
    """How large a product is beside the largest, to the right or left of its axis by its sign."""
    middle = width - 2 - REACH
    length = max(REACH * min(1.0, abs(share)), 0.6)
    left = middle if share >= 0 else middle - length
    return [
        s.rect(left, y + 5, length, 10, v=-1.0 if share < 0 else 1.0),
        s.path(f"M{middle} {y + 2}V{y + 18}", w=1, c="thin"),
    ]


def _factor(factor: Factor, x: float, y: float, span: float, role: str, opens: str) -> list[s.Mark]:
    marks = [
        s.text(x + 2, y + 14, factor.label, z=12, c=f"mono {role}"),
        s.text(x + 2, y + 33, figure(factor.value), z=17, c="strong" if factor.opens else ""),
    ]
    if factor.opens:
        marks.append(s.path(f"M{x + 2} {y + 38}H{x + 48}", w=1.5, c=f"{role} dashed"))
        marks.append(s.rect(x - 3, y + 2, span + 2, ROW - 4, r=5, c="clear", tip=opens.format(name=factor.label),
                            pick=factor.opens.pick))  # fmt: skip
    return marks
