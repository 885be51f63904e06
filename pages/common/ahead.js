// Keeps the pictures of the next step, until the transport asks for it.

export default function ({ data }) {
  const store = (globalThis.unrolled ||= { kept: new Map(), waiting: new Set(), ahead: new Map(), step: null });
  store.ahead = new Map(Object.entries(data.pictures));
}
