"use strict";

// The reviewer's keys. Each has a visible control that does the same.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest?.("input:not([type=radio]), textarea, select")) return;
  const links = [...document.querySelectorAll("tr[data-line] a[href^='?line=']")];
  const here = links.findIndex((link) => link.getAttribute("aria-current"));
  const form = document.querySelector("form[data-review]");
  const key = event.key;
  if (key === "j" && here < links.length - 1) links[here + 1].click();
  else if (key === "k" && here > 0) links[here - 1].click();
  else if (key === "d") form?.querySelectorAll("input[type=radio][value=met]").forEach((radio) => (radio.checked = true));
  else if (key === "c") form?.querySelector("textarea[name=note]")?.focus();
  else if ("123".includes(key)) form?.querySelector(`button[data-key="${key}"]:not([disabled])`)?.focus();
  else return;
  event.preventDefault();
});

// The line that was opened comes into sight.
document.addEventListener("htmx:afterSettle", () => {
  document.querySelector("tr[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
});
