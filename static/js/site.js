"use strict";

// Everything here is a help only: each page works without it.
(() => {
  const formOf = (event) => event.target.closest?.("form");
  const changed = new Set();
  const guarded = (form) =>
    form && form.method === "post" && !form.hasAttribute("data-no-warn") && !form.querySelector("input[type=password]");

  // Nobody's typing is lost: leaving a changed form asks first.
  document.addEventListener("input", (event) => {
    const form = formOf(event);
    if (guarded(form)) changed.add(form);
  });
  document.addEventListener("reset", (event) => changed.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    for (const form of changed) if (!form.isConnected) changed.delete(form);
    if (changed.size) event.preventDefault();
  });

  // A form is sent once. A download keeps the page, so its form says data-download.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    changed.delete(form);
    if (form.hasAttribute("data-download")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("form [aria-busy]")) button.removeAttribute("aria-busy");
  });

  // A browser that goes back brings the fields as they were left, and the rows as the address asks: the fields of what
  // narrows a page say again what it was asked. htmx keeps its rows, fields and address together by itself.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted && performance.getEntriesByType("navigation")[0]?.type === "navigate") return;
    for (const form of document.querySelectorAll('form[method="get"]'))
      if (!event.persisted || !form.hasAttribute("hx-get")) form.reset();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
    const menu = document.querySelector(".phone-menu[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".phone-menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A file that is larger than is taken is named before it is sent, with all that was typed; the server says the same.
  const tooLarge = (input) =>
    Array.from(input.files ?? []).filter((file) => file.size > Number(input.dataset.maxBytes)).map((file) => file.name);
  document.addEventListener("change", ({ target }) => {
    if (!target.matches?.("[data-max-bytes]")) return;
    const names = tooLarge(target);
    target.parentElement.querySelector("[data-large]")?.remove();
    target.classList.toggle("is-invalid", names.length > 0);
    if (!names.length) return;
    const said = document.createElement("p");
    said.className = "invalid-feedback";
    said.dataset.large = "";
    said.setAttribute("role", "alert");
    said.textContent = `${target.dataset.tooBig} ${names.join(", ")}`;
    target.after(said);
  });
  document.addEventListener("submit", (event) => {
    const input = Array.from(event.target.querySelectorAll("[data-max-bytes]")).find((one) => tooLarge(one).length);
    if (!input) return;
    event.preventDefault();
    input.focus();
  }, true);

  // Another unit of money: the page comes back in it with what is typed. Who chooses by keys is not moved before they
  // leave the list.
  let isByKey = false;
  const changeUnit = ({ target }) => {
    if (!target.matches?.("[data-unit]") || target.value === target.form.elements.unit.value) return;
    target.form.requestSubmit(target.form.querySelector("[data-change-unit]"));
  };
  document.addEventListener("keydown", () => (isByKey = true));
  document.addEventListener("pointerdown", () => (isByKey = false));
  document.addEventListener("change", (event) => isByKey || changeUnit(event));
  document.addEventListener("focusout", changeUnit);

  // A folded part that is fetched opens by the keys that open the others.
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches?.("a.unfold")) return;
    event.preventDefault();
    event.target.click();
  });

  const say = (key) => {
    const box = document.querySelector(".live-message");
    box.textContent = box.dataset[key];
    box.hidden = false;
  };
  document.addEventListener("htmx:responseError", () => say("failed"));
  document.addEventListener("htmx:sendError", () => say("offline"));
  document.addEventListener("htmx:beforeRequest", () => {
    document.querySelector(".live-message").hidden = true;
  });

  // The question of a report stands open at a desk; a browser that cannot do so by style alone is helped.
  if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 40.01rem)").matches)
    for (const question of document.querySelectorAll(".asked")) question.open = true;

  document.querySelector("[data-focus]")?.focus();
})();
