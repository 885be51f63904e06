// The glossary: a button that opens the list of all terms, and one entry as a card beside a link `#term-…` of the page.

const memory = new WeakMap();

function make(kind, className, text) {
  const made = document.createElement(kind);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function entry({ id, name, other, sentence, formula }) {
  const made = make("div", "entry");
  made.dataset.term = id;
  const head = make("p", "head");
  head.append(make("b", "", name), make("span", "other", other));
  made.append(head, make("p", "", sentence), make("code", "", formula));
  return made;
}

function build(root) {
  const view = { data: null, from: null };
  const button = make("button", "opens");
  button.type = "button";
  button.setAttribute("aria-haspopup", "dialog");
  const panel = make("div", "panel");
  panel.setAttribute("role", "dialog");
  panel.hidden = true;
  const find = make("input", "find");
  find.type = "search";
  const list = make("div", "list");
  const close = make("button", "close", "×");
  close.type = "button";
  panel.append(find, close, list);
  root.append(button, panel);

  view.show = (shown) => {
    list.replaceChildren(...shown.map(entry));
    if (!shown.length) list.append(make("p", "none", view.data.words.none));
  };
  view.close = () => {
    if (panel.hidden) return;
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    view.from?.focus?.();
    view.from = null;
  };
  // The list hangs below the button, a single entry below the word that leads to it.
  view.open = (from, term) => {
    const one = view.data.entries.filter(({ id }) => id === term);
    view.from = from;
    find.value = "";
    find.hidden = one.length === 1;
    panel.classList.toggle("card", one.length === 1);
    view.show(one.length ? one : view.data.entries);
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    list.scrollTop = 0;
    const at = from.getBoundingClientRect(), { width, height } = panel.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, innerWidth - width - 12));
    const below = at.bottom + 6 + height <= innerHeight || at.top < height + 12;
    panel.style.left = `${left}px`;
    panel.style.top = `${below ? at.bottom + 6 : at.top - height - 6}px`;
    (find.hidden ? close : find).focus({ preventScroll: true });
  };
  find.oninput = () => {
    const wanted = find.value.trim().toLowerCase();
    view.show(view.data.entries.filter((one) => [one.name, one.other, one.sentence].some((text) => text.toLowerCase().includes(wanted))));
  };
  button.onclick = () => (panel.hidden ? view.open(button) : view.close());
  close.onclick = () => view.close();
  panel.onkeydown = (event) => {
    if (event.key === "Escape") view.close();
    // Whoever types here does not mean the page's keys.
    event.stopPropagation();
  };
  view.label = () => {
    const { words } = view.data;
    button.textContent = words.title;
    panel.setAttribute("aria-label", words.title);
    find.placeholder = words.find;
    find.setAttribute("aria-label", words.find);
    close.setAttribute("aria-label", words.close);
  };
  view.follow = (event) => {
    const path = event.composedPath();
    const link = path.find((node) => node.matches?.('a[href*="#term-"]'));
    if (link) {
      event.preventDefault();
      event.stopPropagation();
      view.open(link, link.getAttribute("href").split("#term-")[1]);
    } else if (!path.includes(root)) view.close();
  };
  return view;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".glossary");
  let view = memory.get(root);
  if (!view) memory.set(root, (view = build(root)));
  if (view.data?.words.title !== data.words.title) view.close();
  view.data = data;
  view.label();
  document.addEventListener("click", view.follow, true);
  document.addEventListener("scroll", view.close, true);
  return () => {
    document.removeEventListener("click", view.follow, true);
    document.removeEventListener("scroll", view.close, true);
  };
}
