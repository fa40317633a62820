// The choice of reports: says what is still missing before the button works. Without it the server says so.
"use strict";
(() => {
  const form = document.querySelector("[data-choose]");
  if (!form) return;
  const told = form.querySelector("[data-told]");
  const button = form.querySelector("button");
  const most = Number(form.dataset.most);

  function check() {
    const chosen = [...form.querySelectorAll("input:checked")];
    const mixed = new Set(chosen.map((box) => box.dataset.standard)).size > 1;
    button.disabled = chosen.length < 2 || chosen.length > most || mixed;
    told.textContent = mixed ? told.dataset.mixed
      : chosen.length > most ? told.dataset.many
        : chosen.length < 2 ? told.dataset.none
          : told.dataset.ready.replace("%n", chosen.length);
  }
  form.addEventListener("change", check);
  addEventListener("pageshow", check);
  check();
})();
