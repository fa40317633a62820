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

  document.addEventListener("htmx:error", () => toast(says("offline")));
  document.addEventListener("htmx:response:error", () => toast(says("error")));

  return { toast, csrf: () => document.body.dataset.csrf };
})();
