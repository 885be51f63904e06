// Keeps the pictures that the next click may ask for.

export default function ({ data }) {
  const store = (globalThis.unrolled ||= { kept: new Map(), waiting: new Set(), ahead: [], step: null });
  store.ahead = data.pictures;
}
