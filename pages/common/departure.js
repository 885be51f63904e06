// Between two pages. What the page that is left still says, such as a film's next step or a table's last number, Streamlit
// 1.67 takes for the wish to be back there if it comes before the other page has begun; then that one is lost.
// So ours are silent on the way, nothing there can be clicked, and where it has happened all the same the page that
// was wanted is asked for again.

const UNTOUCHED = 3000; // milliseconds that a page on its way takes no pointer, at the most
const LOOKS = 100, WATCHED = 20000, TRIES = 3, SURE = 5, CALM = 20;
const main = () => document.querySelector('[data-testid="stMain"]');
const app = () => document.querySelector('[data-testid="stApp"]');
const resting = () => app().dataset.testScriptState === "notRunning";
const pageOf = (url) => new URL(url, location.href).pathname.split("/").pop() || "home";

function leave(wanted) {
  const way = store.way;
  clearTimeout(way.untouched);
  clearInterval(way.watch);
  store.leaving = true;
  main().style.pointerEvents = "none";
  way.untouched = setTimeout(free, UNTOUCHED);
  way.runs ||= new MutationObserver(() => { way.ran ||= !resting(); });
  way.runs.observe(app(), { attributes: true, attributeFilter: ["data-test-script-state"] });
  Object.assign(way, { wanted, ran: false, doubts: 0, calm: 0, until: performance.now() + WATCHED, tries: TRIES });
  way.watch = setInterval(look, LOOKS);
}

function free() {
  clearTimeout(store.way.untouched);
  store.leaving = false;
  main().style.pointerEvents = "";
}

function look() {
  const way = store.way;
  const blank = resting() && !document.querySelector("h1");
  const astray = way.page !== pageOf(way.wanted);
  // The page that was wanted stands there whole, and has for a while: by looks, since a slow machine is long at it.
  way.calm = resting() && !blank && !astray ? way.calm + 1 : 0;
  if (performance.now() > way.until || !way.tries || way.calm > CALM) {
    clearInterval(way.watch);
    way.runs.disconnect();
    return;
  }
  // A run has come and gone, and the page is blank, or still another.
  way.doubts = resting() && way.ran && astray ? way.doubts + 1 : 0;
  if (!blank && way.doubts < SURE) return;
  Object.assign(way, { tries: way.tries - 1, doubts: 0, ran: false });
  if (pageOf(location.href) !== pageOf(way.wanted)) history.pushState({}, "", way.wanted);
  window.dispatchEvent(new PopStateEvent("popstate"));
}

function listen() {
  document.addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node.matches?.('a[data-testid="stPageLink-NavLink"]:not([disabled])'));
    if (link) leave(link.href);
  }, true);
  window.addEventListener("popstate", (event) => { if (event.isTrusted) leave(location.href); });
}

export default function ({ data }) {
  // Once for all pages: between the elements of two pages there is a gap, and who turns round in it is heard as well.
  if (!store.way) {
    store.way = {};
    listen();
  }
  const way = store.way;
  // The page before, which comes late, frees nobody: what it said would bring it back.
  if (way.page !== data.page && (!way.wanted || data.page === pageOf(way.wanted))) free();
  way.page = data.page;
}
