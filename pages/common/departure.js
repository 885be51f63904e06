// Between two pages. What the page that is left still says, such as a film's next step or a table's last number, Streamlit
// 1.67 takes for the wish to be back there if it comes before the other page has begun; then neither is shown.
// So ours are silent on the way, nothing there can be clicked, and where it has happened all the same the page that
// the address names is asked for again.

const UNTOUCHED = 3000; // milliseconds that a page on its way takes no pointer, at the most
const LOOKS = 100, WATCHED = 20000, STILL_WATCHED = 2000, TRIES = 3;
const main = () => document.querySelector('[data-testid="stMain"]');
const named = () => location.pathname.split("/").pop() || "home";
const lost = () => document.querySelector('[data-test-script-state="notRunning"]') &&
  (!document.querySelector("h1") || store.way.page !== named());

function leave() {
  const way = store.way;
  clearTimeout(way.untouched);
  clearInterval(way.watch);
  store.leaving = true;
  main().style.pointerEvents = "none";
  way.untouched = setTimeout(arrive, UNTOUCHED);
  Object.assign(way, { until: performance.now() + WATCHED, tries: TRIES, watch: setInterval(look, LOOKS) });
}

function arrive() {
  const way = store.way;
  clearTimeout(way.untouched);
  store.leaving = false;
  main().style.pointerEvents = "";
  way.until = performance.now() + STILL_WATCHED;
}

function look() {
  const way = store.way;
  if (performance.now() > way.until || !way.tries) clearInterval(way.watch);
  else if (lost()) {
    way.tries -= 1;
    window.dispatchEvent(new PopStateEvent("popstate"));
  }
}

const menu = (event) => {
  if (event.composedPath().some((node) => node.matches?.('[data-testid="stPageLink-NavLink"]:not([disabled])'))) leave();
};
const history = (event) => {
  if (event.isTrusted) leave();
};

export default function ({ data }) {
  store.way ||= {};
  if (store.way.page !== data.page) arrive();
  store.way.page = data.page;
  document.addEventListener("click", menu, true);
  window.addEventListener("popstate", history);
  return () => {
    document.removeEventListener("click", menu, true);
    window.removeEventListener("popstate", history);
  };
}
