// Draws a scene (see rnn_core/charts/scene.py) as SVG, and updates it in place: as long as the marks keep their
// kinds and order, only what changed is written, so nothing flickers while a network is stepped through.

const SVG = "http://www.w3.org/2000/svg";
const memory = new WeakMap();

// Orange below zero, blue above. The square root lets small values show.
function signed(value, palette) {
  const end = value < 0 ? palette.negative : palette.positive;
  const share = Math.sqrt(Math.min(1, Math.abs(value)));
  return palette.zero.map((from, i) => Math.round(from + (end[i] - from) * share));
}
// Black or white, whichever stands out more: at least 4.5 : 1 on any ground (WCAG's relative luminance).
const linear = (channel) => {
  const share = channel / 255;
  return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const legible = ([r, g, b]) => (0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) > 0.179 ? "#000" : "#fff");
const css = (rgb) => `rgb(${rgb[0]},${rgb[1]},${rgb[2]})`;

function shortNumber(value) {
  if (Number.isNaN(value)) return "NaN";
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return value.toExponential(2).replaceAll("-", "−").replace("+", "");
  return value.toFixed(size >= 100 ? 0 : 4).replace("-", "−");
}

function decode(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

const kept = ([key, name]) => store.kept.get(key)?.get(name);

const TAG = { rect: "rect", circle: "circle", text: "text", path: "path", heat: "g" };

function set(element, name, value) {
  if (value === undefined || value === null) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

// An arrow's head, as large as its line asks for; one marker for each size.
const headSize = (width) => Math.round(6.5 + 1.5 * width);
function head(view, width) {
  const size = headSize(width), id = `${view.arrow}-${size}`;
  if (!view.heads.has(size)) {
    view.heads.add(size);
    view.svg.querySelector("defs").insertAdjacentHTML("beforeend", `<marker id="${id}" viewBox="0 0 8 8" refX="7.6" refY="4"
      markerWidth="${size}" markerHeight="${size}" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path
      d="M0 0.4 L8 4 L0 7.6 z" style="fill:context-stroke;stroke:none"/></marker>`);
  }
  return id;
}

// A node under the pointer, or with the focus, quietens the edges of all others.
function quieten(view, node) {
  view.node = node;
  for (const element of view.elements) {
    const ends = element.getAttribute("data-ends");
    if (ends) element.toggleAttribute("data-quiet", Boolean(node) && !ends.split(" ").includes(node));
  }
}

function draw(view, element, mark) {
  const { palette } = view;
  set(element, "class", mark.c || undefined);
  if (mark.k === "rect") {
    for (const name of ["x", "y"]) set(element, name, mark[name]);
    set(element, "width", mark.w); set(element, "height", mark.h); set(element, "rx", mark.r || undefined);
  } else if (mark.k === "circle") {
    set(element, "cx", mark.x); set(element, "cy", mark.y); set(element, "r", mark.r);
  } else if (mark.k === "text") {
    set(element, "x", mark.x); set(element, "y", mark.y);
    set(element, "text-anchor", mark.a === "start" ? undefined : mark.a); set(element, "font-size", mark.z);
    if (element.textContent !== mark.s) element.textContent = mark.s;
    element.style.fill = mark.on === undefined ? "" : legible(signed(mark.on, palette));
  } else if (mark.k === "path") {
    set(element, "d", mark.d); set(element, "stroke-width", mark.w);
    set(element, "marker-end", mark.arrow ? `url(#${head(view, mark.w)})` : undefined);
    // The line ends below its head, so that the head's tip is seen however wide the line is.
    const length = mark.arrow ? element.getTotalLength() : 0, short = Math.max(0, length - 0.7 * headSize(mark.w));
    set(element, "stroke-dasharray", length ? `${short} ${2 * length}` : undefined);
    set(element, "data-ends", mark.ends);
    element.style.stroke = mark.v === undefined ? "" : css(mark.v < 0 ? palette.negative : palette.positive);
  } else if (mark.k === "heat") drawHeat(view, element, mark);
  if ((mark.k === "rect" || mark.k === "circle") && mark.v !== undefined) element.style.fill = css(signed(mark.v, palette));
  else if (mark.k === "rect" || mark.k === "circle") element.style.fill = "";
  if (mark.k !== "heat") {
    set(element, "data-pick", mark.pick); set(element, "data-node", mark.node); set(element, "data-tip", mark.tip);
    set(element, "tabindex", mark.pick ? 0 : undefined); set(element, "role", mark.pick ? "button" : undefined);
    set(element, "aria-label", mark.pick ? mark.tip || mark.pick : undefined);
  }
}

// Colour a canvas of one pixel per number; what is not a number stays as pale as what is not there yet.
const UNKNOWN = 90;
function colour(canvas, values, mark, palette) {
  Object.assign(canvas, { width: mark.cols, height: mark.rows });
  const context = canvas.getContext("2d"), image = context.createImageData(mark.cols, mark.rows), { data } = image;
  for (let i = 0, at = 0; i < values.length; i++, at += 4) {
    const value = values[i], known = !Number.isNaN(value);
    const end = value < 0 ? palette.negative : palette.positive;
    const share = known ? Math.sqrt(Math.min(1, Math.abs(value / mark.scale))) : 0;
    for (let k = 0; k < 3; k++) data[at + k] = Math.round(palette.zero[k] + (end[k] - palette.zero[k]) * share);
    data[at + 3] = known ? 255 : UNKNOWN;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function drawHeat(view, group, mark) {
  let frame = group.firstChild;
  if (!frame) {
    frame = document.createElementNS(SVG, "foreignObject");
    const canvas = document.createElement("canvas");
    canvas.tabIndex = 0;
    frame.append(canvas);
    const outline = document.createElementNS(SVG, "rect");
    outline.setAttribute("class", "clear");
    outline.style.pointerEvents = "none";
    group.append(frame, outline);
    const at = (event) => {
      const box = canvas.getBoundingClientRect(), now = canvas.mark;
      return [Math.floor(((event.clientY - box.top) / box.height) * now.rows),
        Math.floor(((event.clientX - box.left) / box.width) * now.cols)];
    };
    const inside = ([row, column]) => row >= 0 && row < canvas.mark.rows && column >= 0 && column < canvas.mark.upto;
    const point = (cell, event) => {
      const now = canvas.mark;
      if (!inside(cell)) { view.hide(); return; }
      const value = canvas.values[cell[0] * now.cols + cell[1]];
      view.tell(`${now.names[0]} = ${shortNumber(value * (now.times ?? 1))}\n${now.names[1]} ${cell[0]}${now.names[2] && ` · ${now.names[2]} ${cell[1] + now.first}`}`, event);
    };
    canvas.onpointermove = (event) => point(at(event), event);
    canvas.onpointerleave = () => view.hide();
    canvas.onclick = (event) => {
      const cell = at(event);
      if (inside(cell)) view.pick(`${canvas.mark.id}:${cell[0]}:${cell[1]}`);
    };
    canvas.cell = [0, 0];
    canvas.onkeydown = (event) => {
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (move) {
        const next = [canvas.cell[0] + move[0], canvas.cell[1] + move[1]];
        if (inside(next)) canvas.cell = next;
        const box = canvas.getBoundingClientRect();
        point(canvas.cell, {
          clientX: box.left + ((canvas.cell[1] + 0.5) / canvas.mark.cols) * box.width,
          clientY: box.top + ((canvas.cell[0] + 0.5) / canvas.mark.rows) * box.height,
        });
      } else if (event.key === "Enter" && inside(canvas.cell)) view.pick(`${canvas.mark.id}:${canvas.cell[0]}:${canvas.cell[1]}`);
      else return;
      // The arrow keys walk over the cells while the heat map has the focus; they must not step as well.
      event.stopPropagation(); event.preventDefault();
    };
    canvas.onblur = () => view.hide();
  }
  for (const name of ["x", "y"]) set(frame, name, mark[name]);
  set(frame, "width", mark.w); set(frame, "height", mark.h);
  const canvas = frame.firstChild;
  const b64 = mark.b64 ?? kept(mark.kept);
  if (b64 === undefined) {
    // Its numbers are still on their way.
    store.waiting.add(() => drawHeat(view, group, mark));
    return;
  }
  const values = canvas.b64 === b64 ? canvas.values : decode(b64);
  Object.assign(canvas, { mark, values, b64 });
  canvas.setAttribute("aria-label", mark.names[0]);
  if (canvas.width !== mark.cols || canvas.height !== mark.rows) { canvas.width = mark.cols; canvas.height = mark.rows; }
  // A step changes how many columns are known, not the numbers: these are coloured once and then copied.
  const key = `${b64.length}:${mark.scale}:${view.theme}:${mark.cols}`;
  if (canvas.coloured !== canvas.values || canvas.colouredFor !== key) {
    canvas.full = colour(canvas.full || document.createElement("canvas"), values, mark, view.palette);
    Object.assign(canvas, { coloured: canvas.values, colouredFor: key });
  }
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, mark.cols, mark.rows);
  if (mark.upto > 0) context.drawImage(canvas.full, 0, 0, mark.upto, mark.rows, 0, 0, mark.upto, mark.rows);
  context.globalAlpha = UNKNOWN / 255;
  context.fillStyle = css(view.palette.zero);
  context.fillRect(mark.upto, 0, mark.cols - mark.upto, mark.rows);
  context.globalAlpha = 1;
  const outline = group.lastChild, lit = mark.cursor !== undefined;
  outline.style.display = lit ? "" : "none";
  if (lit) {
    const width = mark.w / mark.cols;
    set(outline, "x", mark.x + mark.cursor * width - 1); set(outline, "y", mark.y - 2);
    set(outline, "width", width + 2); set(outline, "height", mark.h + 4); set(outline, "rx", 2);
    outline.style.stroke = "var(--ink)"; outline.style.strokeWidth = 1.5;
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".picture");
  let view = memory.get(root);
  if (!view) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("role", "group");
    const arrow = `arrow-${Math.random().toString(36).slice(2)}`;
    svg.innerHTML = "<defs></defs>";
    const tip = document.createElement("div");
    tip.className = "tip";
    root.append(svg, tip);
    view = { svg, tip, arrow, heads: new Set(), marks: [], elements: [], node: null };
    view.tell = (message, event) => {
      const box = root.getBoundingClientRect();
      tip.textContent = message;
      tip.classList.add("on");
      const left = event.clientX - box.left + 14;
      tip.style.left = `${Math.max(0, Math.min(left, box.width - tip.offsetWidth - 4))}px`;
      tip.style.top = `${event.clientY - box.top - tip.offsetHeight - 10}px`;
    };
    view.hide = () => tip.classList.remove("on");
    svg.addEventListener("pointermove", (event) => {
      const mark = event.target.closest("[data-tip]");
      if (mark) view.tell(mark.getAttribute("data-tip"), event);
      else if (event.target.tagName !== "CANVAS") view.hide();
    });
    svg.addEventListener("pointerleave", () => view.hide());
    const over = (event) => {
      const node = event.target.closest("[data-node]")?.getAttribute("data-node") || null;
      if (node !== view.node) quieten(view, node);
    };
    for (const kind of ["pointerover", "focusin"]) svg.addEventListener(kind, over);
    for (const kind of ["pointerleave", "focusout"]) svg.addEventListener(kind, () => quieten(view, null));
    svg.addEventListener("click", (event) => {
      const mark = event.target.closest("[data-pick]");
      // What the click changes, its tip does not say yet.
      if (mark) { view.hide(); view.pick(mark.getAttribute("data-pick")); }
    });
    svg.addEventListener("keydown", (event) => {
      const mark = event.target.closest("[data-pick]");
      if (!mark || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault(); event.stopPropagation();
      view.pick(mark.getAttribute("data-pick"));
    });
    view.show = (data) => {
      set(svg, "viewBox", `0 0 ${data.width} ${data.height}`);
      set(svg, "aria-label", data.label);
      svg.style.maxWidth = `${data.width * 1.5}px`;
      // From the first mark of another kind on, all are made anew; a longer or shorter list keeps what stands before.
      const differs = data.marks.findIndex((mark, i) => mark.k !== view.marks[i]?.k);
      const kept = differs < 0 ? data.marks.length : differs;
      view.elements.splice(kept).forEach((element) => element.remove());
      const fresh = data.marks.slice(kept).map((mark) => document.createElementNS(SVG, TAG[mark.k]));
      svg.append(...fresh);
      view.elements.push(...fresh);
      view.marks = view.marks.slice(0, kept);
      // Another ground changes every colour.
      const before = view.ground === view.theme ? view.marks : [];
      data.marks.forEach((mark, i) => {
        mark.raw ??= JSON.stringify(mark);
        if (before[i]?.raw !== mark.raw) draw(view, view.elements[i], mark);
      });
      Object.assign(view, { marks: data.marks, ground: view.theme });
      if (view.node) quieten(view, view.node);
      // Tests and measurements read which picture stands on the screen.
      root.dataset.stamp = data.stamp || "";
    };
    // A click asks for another step: if its picture has been here before, or was sent ahead, it is shown at once.
    view.step = ({ detail: stamp }) => {
      if (!view.edition) return;
      const mine = (sent) => sent.key === view.key && sent.edition === view.edition && sent.stamp === stamp;
      const data = stamp === null ? view.sent : view.drawn.get(stamp) ?? store.ahead.find(mine);
      if (data) view.show(data);
    };
    view.drawn = new Map();
    memory.set(root, view);
  }
  const tell = whileHere(setTriggerValue);
  view.pick = (name) => tell("pick", name);
  window.addEventListener("unrolled:step", view.step);

  // The ground decides the theme, so that a switch in the browser's menu needs no run of the page.
  const recolour = () => {
    const dark = onDarkGround(root);
    root.classList.toggle("dark", dark);
    view.theme = dark ? "dark" : "light";
    const style = getComputedStyle(root);
    view.palette = Object.fromEntries(["negative", "zero", "positive"].map((n) => [n, channels(style.getPropertyValue(`--${n}`))]));
  };
  recolour();

  Object.assign(view, { key: data.key, sent: data });
  if (data.edition !== view.edition) { view.edition = data.edition; view.drawn.clear(); }
  if (data.edition) keep(view.drawn, data.stamp, data);
  // An answer that a later step has overtaken: the picture of that step stands here already.
  if (!data.edition || !store.step || data.stamp === store.step || !view.marks.length) view.show(data);
  return () => window.removeEventListener("unrolled:step", view.step);
}
