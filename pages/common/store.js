// What our elements on a page share in the browser. This stands in front of each of them (browser.py).
//
//   kept     numbers of heat maps by picture and name, sent once (numbers.js → picture.js)
//   waiting  pictures that wait for such numbers, to be drawn again
//   ahead    pictures of the next step, sent before it is asked for (ahead.js → picture.js)
//   step     the stamp of the step that was asked for and is not answered yet, else null (transport.js, blocks.js)
//   leaving  whether another page has been asked for and has not come yet (departure.js)
const store = (globalThis.unrolled ||= { kept: new Map(), waiting: new Set(), ahead: [], step: null, leaving: false });

// A step was asked for: whatever has its picture already shows it now. With null it is taken back, since nobody knows
// yet what comes: all show again what the server has sent last, which it does not send anew if nothing changes.
function announce(stamp) {
  store.step = stamp;
  window.dispatchEvent(new CustomEvent("unrolled:step", { detail: stamp }));
}

// Two films would take each other's pictures away: one that begins ends the other.
const filmBegins = (view) => window.dispatchEvent(new CustomEvent("unrolled:film", { detail: view }));

function whenAnotherFilmBegins(view, pause) {
  const onFilm = (event) => { if (event.detail !== view) pause(); };
  window.addEventListener("unrolled:film", onFilm);
  return () => window.removeEventListener("unrolled:film", onFilm);
}

// How an element tells the server something: not any more, once another page has been asked for.
const whileHere = (tell) => (name, value) => { if (!store.leaving) tell(name, value); };

// A cache of at most so many, the oldest goes first.
function keep(cache, name, value, most = 60) {
  cache.delete(name);
  cache.set(name, value);
  if (cache.size > most) cache.delete(cache.keys().next().value);
}

const channels = (colour) => {
  const probe = colour.trim();
  if (probe.startsWith("#")) return [1, 3, 5].map((i) => parseInt(probe.slice(i, i + 2), 16));
  return (probe.match(/[\d.]+/g) || [255, 255, 255]).slice(0, 3).map(Number);
};
const luminance = ([r, g, b]) => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
// Streamlit tells its theme by its colours only.
const onDarkGround = (element) => luminance(channels(getComputedStyle(element).getPropertyValue("--st-background-color"))) < 0.5;

// The link follows in place: told by the server it would be an entry in the history, and two more rounds of the page.
function writeLink(texts) {
  const url = new URL(location.href);
  for (const [name, text] of Object.entries(texts)) {
    if (text === null) url.searchParams.delete(name);
    else url.searchParams.set(name, text);
  }
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}
