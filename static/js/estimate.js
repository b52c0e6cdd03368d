"use strict";

// A block from a sheet may be pasted into the table itself: it goes to the field for blocks, and the server reads it.
document.addEventListener("paste", (event) => {
  const table = event.target.closest?.("[data-estimate]");
  const copied = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  if (!table || !/[\t\n]/.test(copied)) return; // one value: the browser does it
  event.preventDefault();
  const field = document.getElementById(table.dataset.estimate);
  field.value = field.value.trim() ? `${field.value}\n${copied}` : copied;
  field.form.requestSubmit(field.form.querySelector(`[data-take="${field.id}"]`));
});

// The foot follows what is typed: number × price, else the lump sum, as the server reads them; “?” for what only the server reads.
const numberOf = (text, pattern) => {
  const typed = text.trim();
  if (/^[-–—]?$/.test(typed)) return null;
  return pattern.test(typed) ? Number(typed.replaceAll(".", "").replace(",", ".")) : NaN;
};
const DONG = /^(\d+|[1-9]\d{0,2}(\.\d{3})+)$/;
const MANY = /^\d+(,\d{1,2})?$/;
document.addEventListener("input", (event) => {
  const table = event.target.closest?.("[data-estimate]");
  if (!table) return;
  const rows = [...table.tBodies[0].rows].map((row) => {
    const of = (name, pattern) => numberOf(row.querySelector(`[name$="-${name}"]`).value, pattern);
    const [quantity, price] = [of("quantity", MANY), of("unit_price_vnd", DONG)];
    const product = quantity === null || price === null ? of("amount_vnd", DONG) : Math.round(quantity * price);
    return { amount_vnd: product, state_vnd: of("state_vnd", DONG) };
  });
  for (const cell of table.querySelectorAll("[data-sum]")) {
    const amounts = rows.map((row) => row[cell.dataset.sum]).filter((amount) => amount !== null);
    const known = amounts.filter((amount) => !Number.isNaN(amount));
    const sum = String(known.reduce((one, other) => one + other, 0)).replace(/\B(?=(\d{3})+$)/g, ".");
    cell.textContent = amounts.length ? sum + (known.length < amounts.length ? " + ?" : "") : "–";
  }
});
