// What the pages do beside htmx: keep drafts, send filters at once, print. All of it is optional.
"use strict";
(() => {
  const PREFIX = "vigie-draft:";
  const DAY = 24 * 3600 * 1000;
  const secret = new Set(["csrf_token", "record_id", "kind_of_form"]);

  const stored = (key) => {
    try {
      const kept = JSON.parse(localStorage.getItem(PREFIX + key));
      return kept && Date.now() - kept.at < DAY ? kept.fields : null;
    } catch { return null; }
  };
  const keep = (key, fields) => {
    try { localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), fields })); } catch { /* a full disk loses the draft, not the page */ }
  };
  const forget = (key) => { try { localStorage.removeItem(PREFIX + key); } catch { /* nothing was kept */ } };
  const forgetAll = () => {
    try { Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key)); } catch { /* nothing was kept */ }
  };

  const fieldsOf = (form) => [...new FormData(form)].filter(([name, value]) => !secret.has(name) && typeof value === "string");
  const fill = (form, fields) => {
    const values = new Map();
    fields.forEach(([name, value]) => values.set(name, [...(values.get(name) ?? []), value]));
    [...form.elements].filter((field) => field.name && !secret.has(field.name) && field.type !== "hidden").forEach((field) => {
      const told = values.get(field.name) ?? [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = told.includes(field.value);
      else if (told.length) field.value = told[0];
    });
  };
  const say = (form, what) => {
    const status = form.querySelector("[data-draft-status]");
    if (status) status.textContent = status.dataset[what];
  };

  const keepDrafts = (form) => {
    const key = form.dataset.draft;
    const before = JSON.stringify(fieldsOf(form));
    const kept = stored(key);
    const refused = form.querySelector("[data-focus]");  // errors came back with what was typed
    if (kept && !refused && JSON.stringify(kept) !== before) { fill(form, kept); say(form, "restored"); }
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { keep(key, fieldsOf(form)); say(form, "kept"); }, 300);
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(waiting);
      keep(key, fieldsOf(form));
      if (!navigator.onLine) { event.preventDefault(); say(form, "offline"); }
    });
  };

  const start = () => {
    document.querySelectorAll("[data-draft-done]").forEach((mark) => mark.dataset.draftDone && forget(mark.dataset.draftDone));
    document.querySelectorAll("form[data-draft]").forEach(keepDrafts);
    document.querySelectorAll("form[data-forget-drafts]").forEach((form) => form.addEventListener("submit", forgetAll));
    document.querySelectorAll("form[data-submit-on-change]").forEach((form) => form.addEventListener("change", () => form.requestSubmit()));
    document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => window.print()); });
    document.querySelector("[data-focus]")?.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  // Fragments repeat the session's token, as forms do.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("input[name=csrf_token]");
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRF-Token"] = token.value;
  });
  start();
})();
