// Keras' summary of a stack. What Keras has said of a stack once stands there again at the click that leads back to it.

const said = (globalThis.unrolledSummaries ||= new Map());

export default function ({ data, parentElement }) {
  const pre = parentElement.querySelector("pre");
  keep(said, data.stamp, data.text);
  if (!store.step || store.step === data.stamp) pre.textContent = data.text;
  pre.sent = data.text;
  pre.step ||= ({ detail }) => {
    if (detail === null) pre.textContent = pre.sent;
    else if (said.has(detail)) pre.textContent = said.get(detail);
  };
  window.addEventListener("unrolled:step", pre.step);
  return () => window.removeEventListener("unrolled:step", pre.step);
}
