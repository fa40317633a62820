// The pages of one report: the panel beside the list, the filter, keys. The pages work without it.
"use strict";
(() => {
  const root = document.querySelector(".report");
  if (!root) return;
  document.documentElement.classList.add("js");
  const home = root.dataset.home;
  const byId = (id) => document.getElementById(id);
  const panel = byId("panel");
  const body = byId("panel-body");
  const split = byId("split");
  const list = byId("list");
  const phone = window.matchMedia("(max-width: 64rem)");
  let opener = null; // what the focus goes back to
  let current = ""; // id of the element shown

  const say = (text) => { byId("said").textContent = text; };
  const isPlain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

  // ---- panel ----
  const chipOf = (id) => (id ? list?.querySelector(`#${CSS.escape(id)}`) : null);

  function markCurrent(node) {
    for (const old of root.querySelectorAll(".el[aria-current], .mk[aria-current]")) old.removeAttribute("aria-current");
    node?.setAttribute("aria-current", "true");
  }

  async function load(address, focus) {
    panel.hidden = false;
    split.classList.add("open");
    panel.setAttribute("aria-busy", "true");
    const before = body.firstElementChild;
    try {
      await window.htmx.ajax("GET", address, { target: "#panel-body", swap: "innerHTML" });
    } finally {
      panel.removeAttribute("aria-busy");
    }
    if (body.firstElementChild === before) return stay(before); // the service did not answer: the page's notice says so
    byId("panel-judge").hidden = !body.querySelector(".judge");
    panel.scrollTop = 0;
    const name = body.querySelector(".detail-name");
    if (name) inSight(name);
    if (name && focus) name.focus({ preventScroll: true });
    else if (name) say(name.textContent);
    setModal();
  }

  // What the panel still shows is what is marked: nobody decides on one element while another is marked.
  function stay(shown) {
    if (!shown) return close();
    current = shown.dataset.element || "";
    markCurrent(chipOf(current));
    if (current) history.replaceState(null, "", `${location.pathname}${location.search}#${current}`);
  }

  // Opened from above the list, the panel lies below the window: the page goes there.
  function inSight(name) {
    const { top, bottom } = name.getBoundingClientRect();
    if (phone.matches || (top >= 0 && bottom <= window.innerHeight)) return;
    (chipOf(current)?.checkVisibility() ? chipOf(current) : panel).scrollIntoView({ block: "center" });
  }

  function setModal() {
    if (!panel) return;
    const sheet = !panel.hidden && phone.matches;
    panel.setAttribute("role", sheet ? "dialog" : "region");
    if (sheet) panel.setAttribute("aria-modal", "true"); else panel.removeAttribute("aria-modal");
  }

  function openElement(id, { focus = true, from = null } = {}) {
    const chip = chipOf(id);
    opener = from ?? chip;
    current = id;
    markCurrent(chip);
    if (chip) history.replaceState(null, "", `${location.pathname}${location.search}#${id}`);
    return load(`${home}/elements/${encodeURIComponent(id)}`, focus);
  }

  function openPassage(mark, focus = true) {
    opener = mark;
    current = "";
    markCurrent(mark);
    return load(mark.getAttribute("href"), focus);
  }

  function close() {
    if (!panel || panel.hidden) return;
    panel.hidden = true;
    split.classList.remove("open");
    body.replaceChildren();
    markCurrent(null);
    if (current) history.replaceState(null, "", location.pathname + location.search);
    const back = opener?.isConnected ? opener : chipOf(current);
    current = "";
    back?.focus();
    back?.scrollIntoView({ block: "nearest" });
  }

  root.addEventListener("click", (event) => {
    if (!panel || !isPlain(event)) return;
    const link = event.target.closest("a.el, a.mk, a[data-open]");
    if (!link) return;
    event.preventDefault();
    if (link.matches("a.mk")) openPassage(link);
    else openElement(link.dataset.open || link.id, { from: panel.contains(link) ? opener : link });
  });
  byId("panel-close")?.addEventListener("click", close);
  byId("panel-judge")?.addEventListener("click", () => {
    const judge = body.querySelector(".judge");
    judge.scrollIntoView({ block: "start" });
    judge.querySelector("button, summary")?.focus({ preventScroll: true });
  });
  panel?.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) move(Number(step.dataset.step), true);
  });
  // What was saved is said, and stays in focus.
  document.addEventListener("htmx:after:swap", () => {
    const told = document.querySelector("[data-say]");
    if (!told || told.dataset.said) return;
    told.dataset.said = "1";
    say(told.textContent);
    told.closest(".detail, .rule")?.querySelector(".detail-name")?.focus({ preventScroll: true });
    if (list) { refresh(); markCurrent(chipOf(current)); }
  });
  // On a phone the sheet holds the focus.
  panel?.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || panel.getAttribute("aria-modal") !== "true") return;
    const all = [...panel.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((node) => node.checkVisibility() && !node.disabled);
    if (!all.length) return;
    const edge = event.shiftKey ? all[0] : all[all.length - 1];
    if (document.activeElement === edge) {
      event.preventDefault();
      (event.shiftKey ? all[all.length - 1] : all[0]).focus();
    }
  });
  phone.addEventListener("change", setModal);

  // A passage pasted is the one meant; choosing one offered puts the pasted text aside.
  root.addEventListener("input", (event) => {
    const offers = event.target.closest(".offers");
    if (!offers) return;
    const pasted = offers.querySelector("[name=quote]");
    const own = offers.querySelector("[name=offered][value='']");
    if (event.target === pasted) own.checked = true;
    else if (own.checked) pasted.value ||= pasted.dataset.aside || "";
    else if (pasted.value) [pasted.dataset.aside, pasted.value] = [pasted.value, ""];
  });

  // ---- keys ----
  const chips = () => [...list.querySelectorAll(".st:not([hidden]) li:not([hidden]) > .el")];
  const marks = () => [...root.querySelectorAll("#doc-body .mk")];

  function move(by, inPanel = false) {
    const all = list ? chips() : marks();
    if (!all.length) return;
    const at = all.findIndex((node) => node === (opener?.isConnected ? opener : document.activeElement) || (current && node.id === current));
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    next.scrollIntoView({ block: "center" });
    if (!inPanel) next.focus({ preventScroll: true });
    if (panel && !panel.hidden) {
      if (list) openElement(next.id, { focus: inPanel }); else openPassage(next, inPanel);
    } else opener = next;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel && !panel.hidden) { event.preventDefault(); close(); return; }
    if (event.metaKey || event.ctrlKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const inPanel = Boolean(panel?.contains(document.activeElement));
    const onChip = event.target.matches?.(".el, .mk");
    const by = { j: 1, n: 1, k: -1, p: -1, ArrowDown: onChip ? 1 : 0, ArrowRight: onChip ? 1 : 0, ArrowUp: onChip ? -1 : 0, ArrowLeft: onChip ? -1 : 0 }[event.key];
    if (!by || (!list && !byId("doc-body"))) return;
    event.preventDefault();
    move(by, inPanel);
  });
  root.addEventListener("click", (event) => {
    const step = event.target.closest("[data-mark]");
    if (step) move(Number(step.dataset.mark));
  });
  root.addEventListener("focusin", (event) => {
    if (event.target.matches(".el, .mk") && !panel?.contains(event.target)) opener = event.target;
  });

  // ---- filter of the list ----
  const form = byId("filter");
  const said = new WeakMap();
  const textOf = (st) => {
    if (!said.has(st)) said.set(st, st.querySelector("header").textContent.toLowerCase());
    return said.get(st);
  };

  function refresh() {
    if (!form) return;
    const values = new FormData(form);
    const wanted = values.getAll("status");
    const course = values.get("course") || "";
    const section = values.get("section") || "";
    const only = values.get("st") || "";
    const found = (values.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const counts = {};
    let shown = 0;
    for (const st of list.querySelectorAll(".st")) {
      const outside = (course && st.dataset.group !== course) || (only && st.dataset.st !== only);
      const head = found.length ? textOf(st) : "";
      let any = false;
      for (const item of st.lastElementChild.children) {
        const chip = item.firstElementChild;
        const states = chip.dataset.f.split(" ");
        for (const state of states) counts[state] = (counts[state] || 0) + 1;
        const fits = !outside && (!wanted.length || wanted.some((state) => states.includes(state))) &&
          (!section || chip.dataset.s.split(" ").includes(section)) &&
          found.every((word) => head.includes(word) || chip.textContent.toLowerCase().includes(word));
        if (item.hidden === fits) item.hidden = !fits;
        if (fits) { any = true; shown += 1; }
      }
      if (st.hidden === any) st.hidden = !any;
    }
    for (const group of list.querySelectorAll(".grp")) group.hidden = !group.querySelector(".st:not([hidden])");
    for (const node of form.querySelectorAll("[data-count]")) node.textContent = counts[node.dataset.count] || 0;
    byId("shown").textContent = shown;
    byId("none").hidden = shown > 0;
    byId("reset").hidden = !(wanted.length || course || section || only || found.length);
  }

  function remember() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
    const text = query.toString();
    history.replaceState(null, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`);
  }

  if (form) {
    const apply = () => { refresh(); remember(); };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => { if (!event.submitter?.hasAttribute("data-submit") && document.activeElement?.name === "q") { event.preventDefault(); apply(); } });
    byId("reset").addEventListener("click", (event) => {
      if (form.querySelector("[name=section], [name=st]")) return; // these need the page again
      event.preventDefault();
      for (const node of form.querySelectorAll("[name=status]")) node.checked = false;
      for (const node of form.querySelectorAll("[name=course], [name=q]")) node.value = "";
      apply();
      form.querySelector("input").focus();
    });
    root.addEventListener("click", (event) => {
      const link = event.target.closest("[data-only]");
      if (!link || !isPlain(event)) return;
      event.preventDefault();
      for (const node of form.querySelectorAll("[name=status]")) node.checked = node.value === link.dataset.only;
      apply();
      list.scrollIntoView({ block: "start" });
    });
  }

  // ---- rules of a plan ----
  const rules = byId("rule-filter");
  if (rules) {
    const apply = () => {
      const wanted = [...rules.querySelectorAll(":checked")].map((node) => node.value);
      for (const rule of root.querySelectorAll(".rule")) rule.hidden = wanted.length > 0 && !wanted.some((name) => rule.dataset.verdict.split(" ").includes(name));
      for (const part of root.querySelectorAll(".rule-chapter")) part.hidden = !part.querySelector(".rule:not([hidden])");
    };
    const asked = new URLSearchParams(location.search).getAll("verdict");
    for (const node of rules.querySelectorAll("input")) node.checked = asked.includes(node.value);
    rules.addEventListener("change", () => {
      apply();
      const query = new URLSearchParams([...rules.querySelectorAll(":checked")].map((node) => ["verdict", node.value])).toString();
      history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}`);
    });
    apply();
  }

  // ---- document ----
  // Scroll to a node and stay with it while the parts above it take their real height, until the reader scrolls.
  async function bring(node, block) {
    let moved = false;
    const stop = () => { moved = true; };
    for (const name of ["wheel", "touchstart", "keydown"]) window.addEventListener(name, stop, { once: true, passive: true });
    const end = performance.now() + 1500;
    while (node && !moved && performance.now() < end) {
      const { top } = node.getBoundingClientRect();
      if (top < 60 || top > window.innerHeight * (block === "center" ? 0.8 : 0.5)) node.scrollIntoView({ block });
      await new Promise(requestAnimationFrame);
    }
  }

  byId("dim")?.addEventListener("change", (event) => byId("doc-body").classList.toggle("dim", event.target.checked));
  for (const part of document.querySelectorAll(".chunk.waiting")) part.style.minHeight = `${Math.round(part.dataset.weight * 1.9)}rem`;
  document.querySelector(".outline")?.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-offset]");
    if (!link || byId(`o${link.dataset.offset}`)) return;
    const offset = Number(link.dataset.offset);
    const part = [...document.querySelectorAll(".chunk.waiting")].find((node) => Number(node.dataset.start) <= offset && offset <= Number(node.dataset.end));
    if (!part) return;
    event.preventDefault();
    await window.htmx.ajax("GET", part.getAttribute("hx-get"), { target: part, swap: "outerHTML" });
    history.replaceState(null, "", `#o${offset}`);
    bring(byId(`o${offset}`), "start");
  });
  if (phone.matches) document.querySelector(".outline-fold")?.removeAttribute("open");
  byId("print")?.addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => { for (const node of root.querySelectorAll("details:not(.menu)")) if (!node.open && !node.closest(".judge")) { node.open = true; node.dataset.printed = "1"; } });
  window.addEventListener("afterprint", () => { for (const node of root.querySelectorAll("[data-printed]")) { node.open = false; delete node.dataset.printed; } });

  const tab = document.querySelector(".tabs [aria-current]");
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;

  // ---- address ----
  function fromHash() {
    const id = decodeURIComponent(location.hash.slice(1));
    const chip = list && id ? chipOf(id) : null;
    if (chip?.matches(".el")) {
      bring(chip, "center");
      openElement(id);
    } else if (location.hash === "#at") bring(byId("at"), "center");
  }
  window.addEventListener("hashchange", fromHash);
  if (document.readyState === "complete") fromHash(); else window.addEventListener("load", fromHash);
})();
