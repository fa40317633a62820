// What all pages share: messages, questions before what cannot be undone, the menu. Pages work without it.
"use strict";
window.duibiao = (() => {
  const says = (name) => document.body.dataset[name];

  function toast(text) {
    const box = document.createElement("div");
    box.className = "toast";
    box.textContent = text;
    document.getElementById("toasts").append(box);
    setTimeout(() => box.remove(), 6000);
  }

  // <form data-confirm="question"> asks first.
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  // <select data-submit> and the like send their form at once.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // <div data-live="address" data-after="address or empty"> is kept up to date by the server (api/live.py).
  function put(html) {
    const box = document.createElement("template");
    box.innerHTML = html;
    for (const part of [...box.content.children]) {
      const old = document.getElementById(part.id);
      if (!old) continue;
      const focus = old.contains(document.activeElement) && document.activeElement.id;
      old.replaceWith(part);
      window.htmx?.process(part);
      if (focus) document.getElementById(focus)?.focus();
    }
  }
  for (const place of document.querySelectorAll("[data-live]")) {
    const source = new EventSource(place.dataset.live);
    source.addEventListener("parts", (event) => put(event.data));
    source.addEventListener("done", () => {
      source.close();
      if (place.dataset.after !== undefined) location.assign(place.dataset.after || location.href);
    });
    window.addEventListener("pagehide", () => source.close());
  }

  document.addEventListener("htmx:error", () => toast(says("offline")));
  document.addEventListener("htmx:response:error", () => toast(says("error")));

  return { toast, csrf: () => document.body.dataset.csrf };
})();
