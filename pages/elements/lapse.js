// The epoch slider: the picture follows while it is dragged, and its film asks for an epoch when the last one is drawn.
//
// One question is on its way at a time; the newest wish goes out when its answer is here.

const memory = new WeakMap();
const ICONS = { play: "M7 4.5v15L19.5 12z", pause: "M6.5 5h4v14h-4zM13.5 5h4v14h-4z" };
const BEAT = 1000 / 1.5;
// An answer that takes longer than this was lost: the page ran anew in between.
const PATIENCE = 1500;

const make = (parent, tag, name = "") => {
  const made = document.createElement(tag);
  made.className = name;
  parent.append(made);
  return made;
};

function build(root) {
  const view = { wanted: 0, sent: 0, asking: 0, answered: 0, playing: false, since: 0 };
  const button = make(root, "button"), track = make(root, "span", "track"), output = make(root, "output");
  button.type = "button";
  button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path/></svg>`;
  const words = make(button, "span", "words"), ticks = make(track, "span"), input = make(track, "input");
  Object.assign(input, { type: "range", min: 0, step: 1 });

  const waiting = () => view.answered !== view.asking;
  view.send = () => {
    if (waiting() || view.wanted === view.sent) return;
    view.sent = view.wanted;
    view.asking += 1;
    view.since = performance.now();
    view.insist();
  };
  view.insist = () => {
    clearTimeout(view.patience);
    if (!waiting()) return;
    view.tell("go", { to: view.stops[view.sent].epoch, asking: view.asking });
    view.patience = setTimeout(view.insist, PATIENCE);
  };
  view.go = (to) => {
    view.wanted = to;
    view.paint();
    view.send();
  };
  view.pause = () => {
    clearTimeout(view.timer);
    if (!view.playing) return;
    view.playing = false;
    view.paint();
  };
  view.film = () => {
    clearTimeout(view.timer);
    if (!view.playing || waiting()) return;
    if (view.wanted >= view.stops.length - 1) view.pause();
    else view.timer = setTimeout(() => view.go(view.wanted + 1), Math.max(0, BEAT - performance.now() + view.since));
  };
  input.oninput = () => {
    view.pause();
    view.go(Number(input.value));
  };
  button.onclick = () => {
    if (view.playing) return view.pause();
    if (view.waits) return;
    view.playing = true;
    filmBegins(view);
    if (view.wanted >= view.stops.length - 1) view.go(0);
    view.paint();
    view.film();
  };
  view.paint = () => {
    const { labels, stops, wanted } = view, role = view.playing ? "pause" : "play";
    const said = labels[role === "play" && view.waits ? "waits" : role], { name, note } = stops[wanted];
    button.querySelector("path").setAttribute("d", ICONS[role]);
    button.setAttribute("aria-label", said);
    button.title = said;
    words.lastChild.textContent = said;
    input.value = wanted;
    input.style.setProperty("--done", `${(100 * wanted) / (stops.length - 1)}%`);
    input.setAttribute("aria-valuetext", note ? `${name}, ${note}` : name);
    output.lastChild.replaceChildren(Object.assign(document.createElement("b"), { textContent: name }), note && ` · ${note}`);
  };
  // What is the same from one epoch to the next: drawn anew only where it differs.
  view.furnish = () => {
    const { labels, stops } = view, now = JSON.stringify([labels, stops]);
    if (view.furnished === now) return;
    view.furnished = now;
    const room = (text) => Object.assign(document.createElement("span"), { className: "room", textContent: text, ariaHidden: "true" });
    const shown = () => document.createElement("span");
    words.replaceChildren(...["play", "pause", "waits"].map((role) => room(labels[role])), shown());
    output.replaceChildren(...stops.map(({ name, note }) => room(note ? `${name} · ${note}` : name)), shown());
    input.max = stops.length - 1;
    input.setAttribute("aria-label", labels.epoch);
    ticks.replaceChildren(...stops.map((_stop, i) => {
      const tick = document.createElement("i"), share = i / (stops.length - 1);
      // The middle of the knob, 1.15rem wide, stands on it.
      tick.style.left = `calc(${100 * share}% + ${1.15 * (0.5 - share)}rem)`;
      return tick;
    }));
  };
  return view;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".lapse");
  let view = memory.get(root);
  if (!view) {
    view = build(root);
    Object.assign(view, { asking: data.answered, halted: data.halted });
    memory.set(root, view);
  }
  view.tell = whileHere(setTriggerValue);
  const { labels, stops, answered, waits } = data;
  Object.assign(view, { labels, stops, answered, waits });
  if (answered >= view.asking) {
    clearTimeout(view.patience);
    // What was asked for meanwhile is newer than this answer.
    const newer = view.wanted !== view.sent && view.wanted < stops.length;
    Object.assign(view, { asking: answered, answered, sent: data.at });
    if (!newer) view.wanted = data.at;
  }
  view.wanted = Math.min(view.wanted, stops.length - 1);
  view.furnish();
  if (data.halted !== view.halted || waits) { view.halted = data.halted; view.pause(); }
  view.paint();
  view.send();
  view.film();
  view.deafen ||= whenAnotherFilmBegins(view, view.pause);
  return () => {
    clearTimeout(view.timer);
    clearTimeout(view.patience);
    view.playing = false;
    view.deafen?.();
    view.deafen = null;
  };
}
