// Draws the layers of a stack as one row of blocks, each with its switch of return_sequences.
//
// A switch turns at once and tells the server; until an answer knows of that click (`seen` has reached its number),
// the switch stays as the visitor left it. So no answer that was under way undoes a click, however fast they come.

const memory = new WeakMap();

function block(view, column) {
  const place = document.createElement("div");
  place.innerHTML = `<button class="name" type="button"><span class="title"></span><span class="pen" aria-hidden="true">▾</span></button>
    <label class="switch"><input type="checkbox" role="switch"><span class="track"></span><code>return_sequences</code></label>
    <span class="note"></span>`;
  const box = place.querySelector("input");
  place.querySelector(".name").onclick = () => view.open(place.column.id);
  box.onchange = () => view.flip(place.column, box.checked);
  place.parts = { box, name: place.querySelector(".name"), title: place.querySelector(".title"),
    label: place.querySelector(".switch"), note: place.querySelector(".note") };
  return place;
}

export default function (component) {
  const { data, parentElement } = component;
  const tell = whileHere(component.setTriggerValue), keepTold = whileHere(component.setStateValue);
  const root = parentElement.querySelector(".blocks");
  let view = memory.get(root);
  if (!view) {
    view = { number: 0, flipped: {} };
    memory.set(root, view);
  }
  view.number = Math.max(view.number, data.seen);
  view.open = (id) => {
    // What is opened stands below; that much of the page comes into sight, if it is not.
    if (!data.columns.some((column) => column.open)) {
      root.style.scrollMarginBottom = `${data.room - root.offsetHeight}px`;
      root.scrollIntoView({ block: "nearest", behavior: "smooth" });
    }
    tell("open", String(id));
  };
  view.flip = (column, on) => {
    // What the stack is after this click is known only if no other click is on its way.
    const alone = Object.keys(view.flipped).length === 0 && !store.step;
    view.number += 1;
    view.flipped[column.id] = [view.number, on];
    keepTold("flipped", { ...view.flipped });
    announce((alone && column.turned) || null);
  };
  for (const [id, [number]] of Object.entries(view.flipped)) {
    if (number > data.seen) continue;
    delete view.flipped[id];
    store.step = null;
  }

  root.style.setProperty("--slots", data.slots);
  root.classList.toggle("dark", onDarkGround(root));
  while (root.children.length > data.columns.length) root.lastChild.remove();
  while (root.children.length < data.columns.length) root.append(block(view));
  data.columns.forEach((column, i) => {
    const place = root.children[i], { box, name, title, label, note } = place.parts;
    place.column = column;
    place.className = `block ${column.colour}${column.refused ? " refused" : ""}${column.open ? " open" : ""}`;
    place.dataset.layer = column.id;
    if (title.textContent !== column.title) title.textContent = column.title;
    name.setAttribute("aria-expanded", String(column.open));
    name.setAttribute("aria-label", `${data.change}: ${column.title}`);
    name.title = data.change;
    label.hidden = column.sequences === null;
    note.hidden = !label.hidden;
    if (note.textContent !== column.note) note.textContent = column.note;
    const wish = view.flipped[column.id];
    box.checked = wish ? wish[1] : Boolean(column.sequences);
    box.setAttribute("aria-label", `return_sequences: ${column.title}`);
  });
  // Nobody answers any more what was asked for here.
  return () => { store.step = null; };
}
