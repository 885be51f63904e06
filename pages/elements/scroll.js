// Brings a part of the page into view when the server says so: once for each time that it does.
const brought = (globalThis.unrolledBrought ||= new Map());

export default function ({ data }) {
  if (data.times <= (brought.get(data.part) ?? 0)) return;
  brought.set(data.part, data.times);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.querySelector(`.st-key-${data.part}`)?.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
}
