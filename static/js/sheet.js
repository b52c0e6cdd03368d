"use strict";

// A table of amounts as people know sheets: Enter and the arrows go from cell to cell, a block can be pasted.
(() => {
  const table = document.querySelector("[data-sheet]");
  if (!table) return;
  const inputs = "tbody td input[type=text]";
  const grid = [...table.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll(inputs.replace("tbody ", ""))]);
  const place = (input) => {
    const row = grid.findIndex((cells) => cells.includes(input));
    return [row, grid[row]?.indexOf(input)];
  };
  const go = (row, column) => {
    const target = grid[row]?.[column];
    target?.focus();
    target?.select();
    return target !== undefined;
  };
  const steps = { Enter: [1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  table.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!event.target.matches?.(inputs)) return;
    const input = event.target;
    const isWhole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const isAtEdge = event.key === "ArrowLeft" ? input.selectionEnd === 0 : input.selectionStart === input.value.length;
    if (step[1] && !isWhole && !isAtEdge) return; // the caret moves inside the text first
    const [row, column] = place(input);
    const down = event.key === "Enter" && event.shiftKey ? -1 : step[0];
    // Enter in the last row stays there: it never sends a sheet that is half typed.
    if (go(row + down, column + step[1]) || event.key === "Enter") event.preventDefault();
  });

  table.addEventListener("focusin", (event) => {
    if (event.target.matches?.(inputs)) event.target.select();
  });

  table.addEventListener("paste", (event) => {
    if (!event.target.matches?.(inputs)) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!/[\t\n]/.test(text)) return; // one value: the browser does it
    event.preventDefault();
    const [row, column] = place(event.target);
    text.split(/\r?\n/).forEach((line, down) =>
      line.split("\t").forEach((value, right) => {
        const cell = grid[row + down]?.[column + right];
        if (!cell || cell.readOnly) return;
        cell.value = value.trim();
        cell.dispatchEvent(new Event("input", { bubbles: true }));
      }),
    );
  });
})();
