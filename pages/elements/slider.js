// A slider whose picture follows while it is dragged: Streamlit's own tells only once it is let go.
//
// While an answer is on its way no further value is sent; the newest one goes out when the answer is here.

const memory = new WeakMap();
const PATIENCE = 1000;

function build(root) {
  const view = { sent: null, wanted: null };
  const label = document.createElement("label");
  const words = document.createElement("span"), output = document.createElement("output"), input = document.createElement("input");
  const note = document.createElement("p");
  input.type = "range";
  label.append(words, output, input);
  root.append(label, note);
  view.paint = () => {
    const { low, high, digits } = view.data, value = Number(input.value);
    output.textContent = value.toFixed(digits).replace("-", "−");
    input.style.setProperty("--done", `${(100 * (value - low)) / (high - low)}%`);
  };
  view.send = () => {
    if (view.sent !== null || view.wanted === null) return;
    view.sent = view.wanted;
    view.wanted = null;
    clearTimeout(view.patience);
    view.patience = setTimeout(() => { view.sent = null; view.send(); }, PATIENCE);
    view.tell("value", view.sent);
  };
  input.oninput = () => {
    view.wanted = Number(input.value);
    view.paint();
    view.send();
  };
  view.show = (data) => {
    view.data = data;
    words.textContent = data.label;
    note.textContent = data.note;
    input.setAttribute("aria-label", data.label);  // the label around both names the output, which stands first
    Object.assign(input, { min: data.low, max: data.high, step: data.step });
    // What the visitor has moved since is newer than this answer.
    if (view.sent === null || Math.abs(data.value - view.sent) < data.step / 2) {
      view.sent = null;
      clearTimeout(view.patience);
      if (view.wanted === null) input.value = data.value;
    }
    view.paint();
    view.send();
  };
  return view;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".slider");
  let view = memory.get(root);
  if (!view) memory.set(root, (view = build(root)));
  view.tell = whileHere(setTriggerValue);
  view.show(data);
  return () => clearTimeout(view.patience);
}
