// Keras' summary of a stack. What Keras has said of a stack once stands there again at the click that leads back to it.

const store = (globalThis.unrolled ||= { kept: new Map(), waiting: new Set(), ahead: [], step: null });
const said = (globalThis.unrolledSummaries ||= new Map());
const KEPT = 60;

export default function ({ data, parentElement }) {
  const pre = parentElement.querySelector("pre");
  said.delete(data.stamp);
  said.set(data.stamp, data.text);
  if (said.size > KEPT) said.delete(said.keys().next().value);
  if (!store.step || store.step === data.stamp) pre.textContent = data.text;
  pre.step ||= ({ detail }) => { if (said.has(detail)) pre.textContent = said.get(detail); };
  window.addEventListener("unrolled:step", pre.step);
  return () => window.removeEventListener("unrolled:step", pre.step);
}
