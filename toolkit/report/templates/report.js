// The report as a work surface: linked sentences, filters, words found, citations. Without it the report still reads:
// what only it can do is not shown, and every mark, number and arrow is an ordinary link.
(() => {
  "use strict";
  const root = document.querySelector(".samestory.page");
  const all = (selector, within = root) => [...within.querySelectorAll(selector)];
  const one = (selector, within = root) => within.querySelector(selector);
  const make = (tag, text = "", more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  root.classList.add("js");

  // ---- sentences that make the same point -------------------------------------------------------------------------
  const columns = all(".column");
  const columnOf = new Map();
  const tellers = new Map();
  for (const column of columns) {
    for (const sentence of all(".s[data-p]", column)) {
      columnOf.set(sentence, column);
      for (const point of sentence.dataset.p.split(" ")) {
        if (!tellers.has(point)) tellers.set(point, []);
        tellers.get(point).push(sentence);
      }
    }
  }
  const nameOf = (column) => column.getAttribute("aria-label");
  const counterparts = (sentence) => new Set(sentence.dataset.p.split(" ").flatMap((point) => tellers.get(point)));
  const wordsOf = (sentence) => {
    const copy = sentence.cloneNode(true);
    for (const extra of all("sup, .tie, .tag", copy)) extra.remove();
    return copy.textContent.replaceAll("\u2060", "").trim();
  };

  let lit = [];
  let pinned = null;
  function dim() {
    for (const sentence of lit) sentence.classList.remove("lit", "asked");
    lit = [];
  }
  function bring(sentence, column) {
    const top = sentence.getBoundingClientRect().top - column.getBoundingClientRect().top + column.scrollTop;
    column.scrollTo({ top: top - column.clientHeight / 3, behavior: calm.matches ? "auto" : "smooth" });
  }
  function light(sentence) {
    dim();
    lit = [...counterparts(sentence)];
    const brought = new Set([columnOf.get(sentence)]);
    for (const other of lit) {
      other.classList.add("lit");
      const column = columnOf.get(other);
      if (!brought.has(column)) bring(other, column);
      brought.add(column);
    }
    sentence.classList.add("asked");
  }

  const panel = make("aside", "", { className: "panel", hidden: true });
  panel.setAttribute("role", "region");
  panel.setAttribute("aria-live", "polite");
  root.append(panel);
  let opener = null;
  function show(label, parts, from) {
    opener = from;
    const close = make("button", "Close", { type: "button" });
    close.addEventListener("click", release);
    panel.setAttribute("aria-label", label);
    const head = make("p", "", { className: "row" });
    head.append(make("strong", label), " ", close);
    panel.replaceChildren(head, ...parts);
    panel.hidden = false;
    const covered = from.getBoundingClientRect().bottom + 12 - panel.getBoundingClientRect().top;
    if (covered > 0) scrollBy({ top: covered });
  }
  function release() {
    pinned = null;
    if (!panel.hidden) {
      panel.hidden = true;
      opener?.focus({ preventScroll: true });
    }
    dim(); // last, as the focus that comes back to an arrow lights up its sentence
  }
  function pin(sentence, from) {
    pinned = sentence;
    light(sentence);
    const list = make("dl", "", { className: "sides" });
    const told = new Set([columnOf.get(sentence)]);
    for (const other of lit) {
      const column = columnOf.get(other);
      if (column === columnOf.get(sentence)) continue;
      const again = told.has(column);
      told.add(column);
      const words = make("dd", wordsOf(other) + " ", { dir: "auto" });
      words.append(make("a", "in the article", { href: `#${other.id}`, className: "soft whole" }));
      if (!again) list.append(make("dt", nameOf(column), { dir: "auto" }));
      list.append(words);
    }
    const parts = [list];
    const silent = columns.filter((column) => !told.has(column)).map(nameOf);
    if (silent.length) parts.push(make("p", `No counterpart found in ${silent.join(", ")}.`, { className: "soft" }));
    const marks = new Set(lit.flatMap((s) => all("sup a", s)).map((a) => a.textContent));
    if (marks.size) {
      const line = make("p", "Differences: ", { className: "soft" });
      for (const id of marks) line.append(make("a", id, { href: `#${id}` }), " ");
      parts.push(line);
    }
    show("The same point in the other reports", parts, from);
  }

  const board = one(".side-by-side");
  let waiting = 0;
  board.addEventListener("pointerover", (event) => {
    if (pinned || event.pointerType === "touch") return;
    clearTimeout(waiting);
    const sentence = event.target.closest(".s[data-p]");
    // a pointer that only passes over moves nothing
    waiting = setTimeout(() => (sentence ? light(sentence) : dim()), sentence ? 120 : 300);
  });
  board.addEventListener("pointerleave", () => {
    clearTimeout(waiting);
    if (!pinned) dim();
  });
  board.addEventListener("focusin", (event) => {
    const sentence = event.target.matches(".tie") && event.target.closest(".s[data-p]");
    if (sentence && !pinned) light(sentence);
  });
  board.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const sentence = event.target.closest(".s[data-p]");
    if (!sentence || (link && !link.matches(".tie")) || String(getSelection())) return;
    event.preventDefault();
    if (pinned === sentence) release();
    else pin(sentence, one(".tie", sentence));
  });
  board.addEventListener("keydown", (event) => {
    if (!event.target.matches(".tie")) return;
    const sentence = event.target.closest(".s[data-p]");
    const column = columnOf.get(sentence);
    let next = null;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const ties = all(".tie", column);
      next = ties[ties.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const forward = (event.key === "ArrowRight") === (getComputedStyle(board).direction === "ltr");
      const order = forward ? columns : [...columns].reverse();
      const others = [...counterparts(sentence)];
      for (const there of order.slice(order.indexOf(column) + 1)) {
        const other = others.find((s) => columnOf.get(s) === there);
        if (other) {
          next = one(".tie", other);
          break;
        }
      }
    } else return;
    event.preventDefault();
    if (!next) return;
    if (pinned) pinned = next.closest(".s");
    next.focus({ preventScroll: true });
    const there = next.closest(".s");
    if (pinned) pin(there, next);
    bring(there, columnOf.get(there));
    next.closest(".column").scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") release();
  });

  // ---- evidence of a summary's sentence ---------------------------------------------------------------------------
  for (const note of all("a.evidence")) {
    note.addEventListener("click", (event) => {
      const sentence = document.getElementById(note.hash.slice(1));
      if (!sentence) return;
      event.preventDefault();
      const column = sentence.closest(".column");
      pinned = sentence;
      dim();
      lit = [sentence];
      sentence.classList.add("lit", "asked");
      bring(sentence, column);
      const words = make("p", "", { dir: "auto" });
      words.append(make("b", `${nameOf(column)}: `), `“${wordsOf(sentence)}” `);
      words.append(make("a", "in the article", { href: note.hash, className: "soft whole" }));
      show(`Evidence ${note.textContent}`, [words], note);
    });
  }
  panel.addEventListener("click", (event) => {
    if (event.target.closest("a")) panel.hidden = true;
  });

  // ---- filters ----------------------------------------------------------------------------------------------------
  const form = one(".filters");
  const cards = all(".difference").map((card) => ({
    card,
    id: card.querySelector("a").textContent,
    kind: card.dataset.kind,
    level: Number(card.dataset.level),
    sure: Number(card.dataset.sure),
    places: new Set(card.dataset.places.split(" ")),
    words: card.textContent.toLowerCase(),
  }));
  const marks = all(".s mark, #points mark, #alone mark").map((mark) => ({ mark, ids: mark.dataset.d.split(" ") }));
  const index = columns.map((column) => ({
    column,
    sentences: all(".s", column).map((sentence) => ({ sentence, words: wordsOf(sentence).toLowerCase() })),
  }));

  function sift() {
    const wanted = new FormData(form);
    const kinds = new Set(wanted.getAll("kind"));
    const [find, between, other] = ["find", "one", "other"].map((name) => wanted.get(name).trim().toLowerCase());
    const [level, sure] = [Number(wanted.get("level")), Number(wanted.get("sure"))];
    const shown = new Set();
    for (const c of cards) {
      const about = (place) => !place || c.places.has(place);
      const fits = kinds.has(c.kind) && c.level >= level && c.sure >= sure && about(between) && about(other);
      const passes = fits && (!find || c.words.includes(find));
      if (c.card.hidden === passes) c.card.hidden = !passes;
      if (passes) shown.add(c.id);
    }
    for (const { mark, ids } of marks) mark.classList.toggle("off", !ids.some((id) => shown.has(id)));
    one(".least", form).textContent = `${sure} %`;
    one(".none").hidden = shown.size > 0;
    one(".count", form).textContent = `${shown.size} of ${cards.length} differences shown`;
  }

  // Who says a word: so many times in each report, and a button that goes from one to the next.
  function seek() {
    const hits = one(".hits", form);
    const find = form.elements.find.value.trim().toLowerCase();
    hits.hidden = !find;
    hits.replaceChildren();
    globalThis.CSS?.highlights?.delete("found");
    if (!find) return;
    const ranges = [];
    const list = make("ul", "", { className: "plain" });
    for (const { column, sentences } of index) {
      const having = sentences.filter(({ words }) => words.includes(find)).map(({ sentence }) => sentence);
      const times = sentences.reduce((sum, { words }) => sum + words.split(find).length - 1, 0);
      const entry = make("li");
      if (having.length) {
        let at = -1;
        const button = make("button", `${nameOf(column)}: ${times}`, { type: "button", title: "Go to the next place" });
        button.addEventListener("click", () => {
          at = (at + 1) % having.length;
          dim();
          lit = [having[at]];
          having[at].classList.add("asked");
          having[at].scrollIntoView({ block: "center", inline: "nearest" });
        });
        entry.append(button);
        for (const sentence of having) ranges.push(...places(sentence, find));
      } else entry.append(make("span", `${nameOf(column)}: 0`, { className: "soft" }));
      list.append(entry);
    }
    hits.append(make("p", "In the reports:"), list);
    if (globalThis.Highlight) CSS.highlights.set("found", new Highlight(...ranges));
  }
  function places(sentence, find) {
    const ranges = [];
    const walker = document.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.toLowerCase();
      if (text.length !== walker.currentNode.data.length) continue; // letters whose small form is longer
      for (let at = text.indexOf(find); at >= 0; at = text.indexOf(find, at + find.length)) {
        const range = new Range();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + find.length);
        ranges.push(range);
      }
    }
    return ranges;
  }
  if (form) {
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => {
      sift();
      if (event.target.name === "find") seek();
    });
    for (const button of all("button.only", form)) {
      button.addEventListener("click", () => {
        for (const box of form.elements.kind.length ? form.elements.kind : [form.elements.kind]) {
          box.checked = box.value === button.value;
        }
        sift();
      });
    }
    form.addEventListener("reset", () => setTimeout(() => (sift(), seek())));
    form.reset(); // a browser that comes back keeps old choices
    sift();
  }

  // ---- citations --------------------------------------------------------------------------------------------------
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = make("textarea", text);
      root.append(area);
      area.select();
      const done = document.execCommand("copy"); // where the page is not allowed the clipboard
      area.remove();
      return done;
    }
  }
  for (const button of all("button.copy")) {
    button.addEventListener("click", async () => {
      const done = await copy(button.dataset.citation);
      if (done) {
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = "Copy citation"), 2000);
      } else show("Citation", [make("p", button.dataset.citation, { dir: "auto" })], button);
    });
  }

  // ---- deep links -------------------------------------------------------------------------------------------------
  function arrive() {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.hidden && form) {
      form.reset();
      sift();
      seek();
    }
    if (target.matches(".s[data-p]")) {
      pinned = null;
      light(target);
    }
    if (target.matches(".difference")) target.focus({ preventScroll: true });
    target.scrollIntoView({ block: target.matches(".s") ? "center" : "start", inline: "nearest" });
  }
  addEventListener("hashchange", arrive);
  if (location.hash) arrive();
})();
