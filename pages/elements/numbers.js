// Keeps the numbers of heat maps that do not change from step to step, for pictures that name them.

export default function ({ data }) {
  store.kept.set(data.key, new Map(Object.entries(data.numbers)));
  const waiting = [...store.waiting];
  store.waiting.clear();
  waiting.forEach((redraw) => redraw());
}
