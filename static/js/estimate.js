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
