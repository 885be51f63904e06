// Writes the page's link. A timestep that is being asked for is newer than what the server knows.
export default function ({ data }) {
  const { t, ...others } = data.texts;
  writeLink(store.step === null && t !== undefined ? data.texts : others);
}
