// A standard's page: find in the text, the outline, printing. The import form: a file dropped on it. Search: its address.
"use strict";
(() => {
  const text = document.querySelector("[data-text]");
  if (text) {
    follow();
    find(document.querySelector("[data-inpage]"));
    const print = document.querySelector("[data-print]");
    print.hidden = false;
    print.addEventListener("click", () => window.print());
    const outline = document.querySelector("[data-outline]");
    const narrow = window.matchMedia("(max-width: 60rem)");
    const fold = () => { outline.open = !narrow.matches; };
    narrow.addEventListener("change", fold);
    fold();
    outline.addEventListener("click", (event) => { if (narrow.matches && event.target.closest("a")) outline.open = false; });
  }
  const drop = document.querySelector("[data-drop]");
  if (drop) take(drop);
  const live = document.querySelector("[data-asked]");
  if (live) keep(live);

  // The outline marks the section that is read.
  function follow() {
    const links = new Map([...document.querySelectorAll(".outline a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
    const sections = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    let current = null;
    const mark = () => {
      const above = sections.filter((section) => section.getBoundingClientRect().top < 200);
      const link = links.get((above.at(-1) || sections[0])?.id);
      if (!link || link === current) return;
      current?.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      const box = link.closest(".outline");
      const low = link.offsetTop + link.offsetHeight > box.scrollTop + box.clientHeight;
      if (low || link.offsetTop < box.scrollTop) box.scrollTop = link.offsetTop - box.clientHeight / 2;
      current = link;
    };
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; mark(); });
    }, { passive: true });
    mark();
  }

  // Find as one types: every place is marked, Enter and the arrows go from one to the next.
  function find(form) {
    const field = form.querySelector("input[type=search]");
    const count = form.querySelector("[data-count]");
    const steps = form.querySelectorAll("[data-step]");
    let marks = [], at = -1, timer = 0;

    function clear() {
      for (const mark of marks) {
        const parent = mark.parentNode;
        mark.replaceWith(...mark.childNodes);
        parent.normalize();
      }
      marks = [];
      at = -1;
    }
    function search() {
      clear();
      const wanted = field.value.trim().toLowerCase();
      if (wanted) for (const node of nodes(wanted)) mark(node, wanted);
      for (const button of steps) button.hidden = marks.length < 2;
      if (marks.length) go(1);
      else count.textContent = wanted ? count.dataset.none : "";
    }
    function nodes(wanted) {
      const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, (node) =>
        node.data.toLowerCase().includes(wanted) && !node.parentElement.closest("form, .st-id, .els, .sr")
          ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT);
      const found = [];
      while (walker.nextNode()) found.push(walker.currentNode);
      return found;
    }
    function mark(node, wanted) {
      let start;
      while ((start = node.data.toLowerCase().indexOf(wanted)) >= 0) {
        const hit = node.splitText(start);
        node = hit.splitText(wanted.length);
        const box = document.createElement("mark");
        hit.replaceWith(box);
        box.append(hit);
        marks.push(box);
      }
    }
    function go(step) {
      if (!marks.length) return;
      marks[at]?.classList.remove("now");
      at = (at + step + marks.length) % marks.length;
      marks[at].closest("details:not([open])")?.setAttribute("open", "");
      marks[at].classList.add("now");
      marks[at].scrollIntoView({ block: "center" });
      count.textContent = `${at + 1} / ${marks.length}`;
    }
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 150); });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !marks.length) return;
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    });
    for (const button of steps) button.addEventListener("click", () => go(Number(button.dataset.step)));
  }

  // The address keeps what is asked, so that it can be reloaded and sent to others.
  function keep(form) {
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
        history.replaceState(history.state, "", `${form.action}${asked.size ? `?${asked}` : ""}`);
      }, 300);
    });
  }

  // A file may be dropped; its name is shown.
  function take(box) {
    const field = box.querySelector("input[type=file]");
    const chosen = box.querySelector("[data-chosen]");
    const show = () => { chosen.textContent = [...field.files].map((file) => file.name).join("、"); };
    box.classList.add("ready");
    for (const name of ["dragenter", "dragover"]) box.addEventListener(name, (event) => { event.preventDefault(); box.classList.add("over"); });
    for (const name of ["dragleave", "drop"]) box.addEventListener(name, (event) => { event.preventDefault(); box.classList.remove("over"); });
    box.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      const one = new DataTransfer();
      one.items.add(event.dataTransfer.files[0]);
      field.files = one.files;
      show();
    });
    field.addEventListener("change", show);
    show();  // what was chosen before this script ran, or before the page was left
  }
})();
