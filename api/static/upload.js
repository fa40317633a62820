// The upload form: several files and folders, a list of them, checks before sending, progress while sending.
"use strict";
(() => {
  const form = document.getElementById("upload");
  if (!form) return;
  const find = (id) => document.getElementById(id);
  const words = JSON.parse(find("words").textContent);
  const input = find("file"), list = find("files"), trouble = find("trouble"), send = find("send");
  const single = !input.multiple;
  let chosen = []; // { file, why }
  let request = null;

  form.classList.add("ready");
  for (const part of form.querySelectorAll("[data-script]")) part.hidden = false;
  input.required = false;
  find("together-row").hidden = true;

  const units = ["B", "KB", "MB", "GB"];
  function size(bytes) {
    let unit = 0;
    while (bytes >= 1024 && unit < 3) { bytes /= 1024; unit++; }
    return `${bytes >= 10 || !unit ? Math.round(bytes) : bytes.toFixed(1)} ${units[unit]}`;
  }

  function suffix(name) {
    const dot = name.lastIndexOf(".");
    return dot < 0 ? "" : name.slice(dot).toLowerCase();
  }

  function whyNot(file) {
    const end = suffix(file.name);
    if (end && !words.suffixes.includes(end)) return words.unsupported;
    if (!file.size) return words.empty;
    if (file.size > (end === ".zip" ? words.batch : words.most)) return words.large;
    if (chosen.some(({ file: other }) => other.name === file.name && other.size === file.size && other.lastModified === file.lastModified)) return null;
    return "";
  }

  function add(files) {
    say("");
    if (single) chosen = [];
    for (const file of files) {
      if (/^(\.|~\$|Thumbs\.db$)/.test(file.name)) continue; // left behind by systems and open editors
      const why = whyNot(file);
      if (why !== null && !(single && chosen.length)) chosen.push({ file, why });
    }
    show();
  }

  const good = () => chosen.filter(({ why }) => !why).map(({ file }) => file);

  function row(item) {
    const line = document.createElement("li");
    line.classList.toggle("bad", Boolean(item.why));
    line.append(find("file-icon").content.cloneNode(true));
    for (const [name, text] of [["name", item.file.webkitRelativePath || item.file.name], ["bytes", size(item.file.size)]]) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = text;
      line.append(part);
    }
    const remove = document.createElement("button");
    remove.type = "button";
    remove.append(find("remove-icon").content.cloneNode(true));
    remove.setAttribute("aria-label", `${words.remove} ${item.file.name}`);
    remove.addEventListener("click", () => {
      const next = line.nextElementSibling || line.previousElementSibling;
      chosen.splice(chosen.indexOf(item), 1);
      line.remove();
      count();
      (next?.querySelector("button") || input).focus();
    });
    line.append(remove);
    if (item.why) {
      const why = document.createElement("span");
      why.className = "why";
      why.textContent = item.why;
      line.append(why);
    }
    return line;
  }

  function show() {
    list.replaceChildren(...chosen.map(row));
    count();
  }

  function count() {
    const files = good();
    find("chosen").hidden = !chosen.length;
    find("chosen-count").textContent = words.count.replace("%n", files.length).replace("%s", size(files.reduce((sum, file) => sum + file.size, 0)));
    const several = files.length > 1 || files.some((file) => suffix(file.name) === ".zip");
    find("together-row").hidden = !several;
    if (!several) find("together").checked = false;
    label();
  }

  function label() {
    const files = good();
    const several = files.length > 1 || files.some((file) => suffix(file.name) === ".zip");
    send.textContent = several && !find("together").checked ? words.several : words.one;
  }
  find("together").addEventListener("change", label);

  function say(text) {
    trouble.textContent = text;
    trouble.hidden = !text;
  }

  const takeChosen = () => { add(input.files); input.value = ""; };
  input.addEventListener("change", takeChosen);
  find("clear").addEventListener("click", () => { chosen = []; show(); say(""); input.focus(); });
  find("folder")?.addEventListener("click", () => find("folder-input").click());
  find("folder-input")?.addEventListener("change", (event) => { add(event.target.files); event.target.value = ""; });

  // Files may be dropped anywhere on the page and pasted anywhere but into a field.
  const brings = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  let depth = 0;
  const over = (on) => find("drop").classList.toggle("over", on);
  document.addEventListener("dragenter", (event) => { if (brings(event)) { event.preventDefault(); depth++; over(true); } });
  document.addEventListener("dragover", (event) => { if (brings(event)) event.preventDefault(); });
  document.addEventListener("dragleave", (event) => { if (brings(event) && --depth <= 0) { depth = 0; over(false); } });
  document.addEventListener("drop", async (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    depth = 0;
    over(false);
    add(await dropped(event.dataTransfer));
  });
  document.addEventListener("paste", (event) => { if (event.clipboardData?.files.length) add(event.clipboardData.files); });

  // Folders that are dropped are opened.
  async function dropped(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
    const found = [];
    for (const entry of entries) await open(entry, found);
    return found;
  }

  async function open(entry, found) {
    if (entry.isFile) {
      found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return;
      for (const inner of some) await open(inner, found);
    }
  }

  function complaint() {
    const files = good();
    if (!files.length) return words.none;
    if (files.length > words.files) return words.many;
    return files.reduce((sum, file) => sum + file.size, 0) > words.batch ? words.heavy : "";
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (request) return;
    say(complaint());
    if (!trouble.hidden) return input.focus();
    const body = new FormData(form);
    body.delete("file");
    for (const file of good()) body.append("file", file, file.name);
    upload(body);
  });

  function upload(body) {
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Accept-Language", words.lang);
    request.setRequestHeader("X-CSRF-Token", document.body.dataset.csrf);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) sent(event.loaded / event.total); });
    request.upload.addEventListener("load", () => { find("sent-text").textContent = words.sent; });
    request.addEventListener("load", () => answered(request.status, request.response));
    request.addEventListener("error", () => ended(words.offline));
    request.addEventListener("abort", () => ended(""));
    sending(true);
    sent(0);
    request.send(body);
  }

  function sent(share) {
    find("sent").value = share;
    find("sent-text").textContent = words.sending.replace("%p", `${Math.floor(share * 100)}%`);
  }

  function answered(status, answer) {
    if (status === 201 && answer?.address) return location.assign(answer.address);
    if (status === 401) return location.assign("/sign-in");
    ended((words.lang === "en" && answer?.detail_en) || answer?.detail || words.failed);
  }

  function ended(text) {
    request = null;
    sending(false);
    say(text);
  }

  function sending(on) {
    find("sending").hidden = !on;
    send.disabled = on;
  }
  find("stop").addEventListener("click", () => request?.abort());
  window.addEventListener("pageshow", () => { request = null; sending(false); });
  if (input.files.length) takeChosen(); // chosen before this script was there
  form.dataset.ready = "yes";
})();
