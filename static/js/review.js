"use strict";

// The reviewer's keys: switched on by the reviewer, with the focus in the sheet, and never while a line is on its way,
// so that none acts on a line that is being left. Each has a visible control that does the same.
(() => {
  const SWITCH = "review-keys";
  const sheet = () => document.getElementById("review");
  const box = document.getElementById(SWITCH);
  let running = 0;
  let isConcluding = false;

  if (box) {
    box.checked = localStorage.getItem(SWITCH) === "on";
    box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
  }
  const isOfSheet = (event) => event.detail.target?.id === "review";
  document.addEventListener("htmx:beforeSend", (event) => {
    if (!isOfSheet(event)) return;
    running += 1;
    isConcluding = event.detail.requestConfig.verb === "post";
    sheet().setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isOfSheet(event)) return;
    running = Math.max(0, running - 1);
    isConcluding &&= running > 0;
    if (!running) sheet()?.removeAttribute("aria-busy");
  });

  // Another line may be opened instead of one that is on its way, but not before a conclusion is answered.
  document.addEventListener("htmx:confirm", (event) => {
    if (isConcluding && isOfSheet(event)) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (!box?.checked || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!sheet()?.contains(event.target) || event.target.closest("input:not([type=radio]), textarea, select")) return;
    const links = [...document.querySelectorAll("tr[data-line] a[href^='?line=']")];
    const here = links.findIndex((link) => link.getAttribute("aria-current"));
    const form = document.querySelector("form[data-review]");
    const key = event.key;
    if (!["j", "k", "d", "c", "1", "2", "3"].includes(key) && !(running && key === "Enter")) return;
    event.preventDefault();
    if (running || event.repeat) return;
    if (key === "j") links[here + 1]?.click();
    else if (key === "k") links[here - 1]?.click();
    else if (key === "d") form?.querySelectorAll("input[type=radio][value=met]").forEach((radio) => (radio.checked = true));
    else if (key === "c") form?.querySelector("textarea[name=note]")?.focus();
    else form?.querySelector(`button[data-key="${key}"]:not([disabled])`)?.focus();
  });

  // All lines of the list are ticked by one box.
  const offerAll = () => {
    const label = document.querySelector("label.pick-all");
    if (label) label.hidden = !document.querySelector(".pick");
  };
  document.addEventListener("change", (event) => {
    const all = event.target.closest("label.pick-all input");
    if (all) for (const pick of document.querySelectorAll(".pick")) pick.checked = all.checked;
  });
  offerAll();

  // The line that was opened comes into sight, and has the focus that the line before it had.
  const bringIntoSight = () => {
    const line = document.querySelector("tr[aria-selected=true]");
    const top = line?.getBoundingClientRect().top;
    if (top < 0 || top > innerHeight / 3) line.scrollIntoView({ block: "start", behavior: "instant" });
  };
  const show = () => {
    bringIntoSight();
    if (document.activeElement === document.body)
      document.querySelector("tr[aria-selected=true] a")?.focus({ preventScroll: true });
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!isOfSheet(event) && event.target.id !== "review") return;
    offerAll();
    show();
  });
  bringIntoSight();
  addEventListener("load", bringIntoSight); // what loads late moves the line
})();
