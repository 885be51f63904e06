// The transport: asks the page for a timestep, and for the next one of a film only when the last has been drawn.

const memory = new WeakMap();
const ICONS = {
  first: "M6 5h2.4v14H6zM20 5v14L9.6 12z",
  previous: "M17 5v14L7 12z",
  play: "M7 4.5v15L19.5 12z",
  pause: "M6.5 5h4v14h-4zM13.5 5h4v14h-4z",
  next: "M7 5v14l10-7z",
  last: "M4 5v14l10.4-7zM15.6 5H18v14h-2.4z",
};
const ORDER = ["first", "previous", "play", "next", "last"];
const KEYS = { Home: "first", ArrowLeft: "previous", " ": "play", ArrowRight: "next", End: "last" };
const MIRRORED = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft", Home: "End", End: "Home" };
// Who types, or walks over something that has keys of its own, does not mean the transport.
const OWN_KEYS = "input, textarea, select, canvas, [contenteditable], [role=slider], [role=radio], [role=tab], " +
  "[role=option], [role=listbox], [role=combobox], [role=grid], [role=menu], [role=dialog]";
const PRESSED_BY_SPACE = "button, a, summary, [role=button], [role=switch], [role=checkbox]";
// An answer that takes longer than this was lost: the page ran anew in between.
const PATIENCE = 1500;
// An answer that takes longer than this is not waited for to move the slider.
const LATE = 150;

const link = ({ wanted, start }) => writeLink({ t: wanted === start ? null : String(wanted) });

function build(root) {
  const view = { wanted: 0, asking: 0, playing: false, sent: 0, buttons: {} };
  for (const name of ORDER) {
    const button = document.createElement("button");
    button.className = name;
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path/></svg><span class="words"></span>`;
    button.onclick = () => view.press(name);
    view.buttons[name] = button;
    root.append(button);
  }
  view.slider = document.createElement("input");
  Object.assign(view.slider, { type: "range", min: 0, step: 1 });
  view.slider.oninput = () => {
    const to = Number(view.slider.value);
    view.pause();
    view.go(to);
  };
  view.output = document.createElement("output");
  view.output.append(document.createElement("b"), document.createElement("span"));
  view.select = document.createElement("select");
  view.select.onchange = () => { view.beat = 1000 / Number(view.select.value); view.tell("speed", view.select.value); };
  root.append(view.slider, view.output, view.select);

  view.go = (to) => {
    const t = Math.min(Math.max(to, 0), view.last);
    if (t === view.wanted && view.answered === view.asking) return;
    view.wanted = t;
    view.asking += 1;
    view.sent = performance.now();
    view.insist();
    announce(`t=${t}`);
    // Usually the answer moves the slider along with the pictures: a frame of its own would only hold them up.
    clearTimeout(view.late);
    view.late = setTimeout(view.show, LATE);
  };
  view.insist = () => {
    clearTimeout(view.patience);
    if (view.answered === view.asking) return;
    link(view);
    view.tell("go", { to: view.wanted, asking: view.asking });
    view.patience = setTimeout(view.insist, PATIENCE);
  };
  view.pause = () => {
    clearTimeout(view.timer);
    if (!view.playing) return;
    view.playing = false;
    view.show();
  };
  view.press = (name) => {
    if (name === "play" && !view.playing) {
      view.playing = true;
      filmBegins(view);
      if (view.wanted >= view.last) view.go(0);
      view.show();
      view.film();
      return;
    }
    view.pause();
    const to = { first: 0, previous: view.wanted - 1, next: view.wanted + 1, last: view.last }[name];
    if (to !== undefined) view.go(to);
  };
  // One beat after the last step was asked for, and not before it stands on the screen.
  view.film = () => {
    clearTimeout(view.timer);
    if (!view.playing || view.waits || view.answered !== view.asking) return;
    if (view.wanted >= view.last) view.pause();
    else view.timer = setTimeout(() => view.go(view.wanted + 1), Math.max(0, view.beat - performance.now() + view.sent));
  };
  view.show = () => {
    clearTimeout(view.late);
    const { labels, last, wanted } = view;
    for (const [name, button] of Object.entries(view.buttons)) {
      const role = name === "play" && view.playing ? "pause" : name;
      // A film that waits for an answer says so, and still is one: a click ends it.
      const said = labels[role === "pause" && view.waits ? "waits" : role];
      button.querySelector("path").setAttribute("d", ICONS[role]);
      button.setAttribute("aria-label", said);
      button.title = said;
      const words = button.querySelector(".words");
      words.hidden = name === "first" || name === "last";
      words.textContent = words.hidden ? "" : said;
      button.disabled = name !== "play" && (name === "first" || name === "previous" ? wanted === 0 : wanted === last);
    }
    view.slider.max = last;
    view.slider.value = wanted;
    view.slider.setAttribute("aria-label", labels.timestep);
    view.slider.style.setProperty("--done", `${(100 * wanted) / Math.max(last, 1)}%`);
    if (root.classList.contains("backwards") !== view.backwards) {
      // The buttons point where their steps go: the next one lies to the left of the one before.
      root.classList.toggle("backwards", view.backwards);
      root.prepend(...(view.backwards ? [...ORDER].reverse() : ORDER).map((name) => view.buttons[name]));
    }
    const { first } = view;
    view.output.firstChild.textContent = view.backwards ? last + 1 - wanted : wanted + first;
    view.output.lastChild.textContent = ` / ${view.backwards ? last + 1 : last + first}`;
  };
  return view;
}

function listen(view) {
  const onKey = (event) => {
    const key = view.backwards && MIRRORED[event.key] || event.key, name = KEYS[key], target = event.composedPath()[0];
    if (!name || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (target.closest && (target.closest(OWN_KEYS) || (event.key === " " && target.closest(PRESSED_BY_SPACE)))) return;
    event.preventDefault();
    view.press(name);  // a button may still be disabled of the step before: who is quick means this one all the same
  };
  document.addEventListener("keydown", onKey);
  const deafen = whenAnotherFilmBegins(view, view.pause);
  return () => {
    document.removeEventListener("keydown", onKey);
    deafen();
  };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".transport");
  let view = memory.get(root);
  if (!view) {
    view = build(root);
    Object.assign(view, { asking: data.answered, halted: data.halted });
    memory.set(root, view);
  }
  view.tell = whileHere(setTriggerValue);
  const { labels, start, last, answered, waits, backwards, first } = data;
  Object.assign(view, { labels, start, last, answered, waits, backwards, first, beat: 1000 / Number(data.speed) });
  // A step that was asked for later than the one answered here is still on its way: it stays on the slider.
  if (answered >= view.asking) {
    Object.assign(view, { wanted: data.t, asking: answered });
    store.step = null;
  }
  if (data.halted !== view.halted) { view.halted = data.halted; view.pause(); }
  if (view.paces !== JSON.stringify(data.paces)) {
    view.paces = JSON.stringify(data.paces);
    view.select.replaceChildren(...Object.entries(data.paces).map(([pace, words]) => new Option(words, pace)));
  }
  view.select.value = data.speed;
  view.select.setAttribute("aria-label", labels.speed);
  view.show();
  view.film();
  view.deafen ||= listen(view);
  return () => {
    clearTimeout(view.timer);
    clearTimeout(view.patience);
    clearTimeout(view.late);
    store.step = null;
    view.deafen?.();
    view.deafen = null;
  };
}
