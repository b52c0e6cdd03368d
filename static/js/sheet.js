"use strict";

// A table of amounts as people know sheets: Enter and the arrows go from cell to cell, a block can be pasted and taken
// back, sums follow what is typed. What is stored is read by the server; nothing here decides what an amount is.
(() => {
  const table = document.querySelector("[data-sheet]");
  if (!table) return;
  const inputs = "tbody td input[type=text]";
  const rows = [...table.querySelectorAll("tbody tr")];
  const grid = rows.map((row) => [...row.querySelectorAll("td input[type=text]")]);
  const unit = BigInt(table.dataset.unit);
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

  // ---- sums, in đồng, in the unit of the sheet ------------------------------------------------------------------
  const UNITS = { tỷ: 10n ** 9n, tỉ: 10n ** 9n, ty: 10n ** 9n, ti: 10n ** 9n, triệu: 10n ** 6n, trieu: 10n ** 6n, tr: 10n ** 6n };
  Object.assign(UNITS, { nghìn: 1000n, ngàn: 1000n, nghin: 1000n, ngan: 1000n, k: 1000n });
  const AMOUNT = /^₫? ?(\d[\d., ]*?) ?([a-zỷỉệìà]*?) ?(đồng|dong|vnđ|vnd|đ|d|₫)?$/;
  const FEW = 10_000n; // đồng: no amount of a plan is as small
  const UNCLEAR = "?";

  // Đồng; null where nothing is typed, UNCLEAR where the server will refuse or ask.
  const amountOf = (input) => {
    const answer = input.closest("td").querySelector("input[name$='-means']:checked");
    if (answer && input.value === input.defaultValue) return BigInt(answer.value);
    const text = input.value.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
    if (/^[-–—]?$/.test(text)) return null;
    const match = text.match(AMOUNT);
    if (!match || (match[2] && !UNITS[match[2]])) return UNCLEAR;
    const isWritten = Boolean(match[2] || match[3] || text.includes("₫"));
    return valueOf(match[1], UNITS[match[2]] ?? (isWritten ? 1n : unit), isWritten);
  };
  const valueOf = (number, scale, isWritten) => {
    const grouped = number.match(/^([1-9]\d{0,2}(?:([., ])\d{3})(?:\2\d{3})*)(?:[.,](\d+))?$/);
    const plain = number.match(/^(0|[1-9]\d*)(?:[.,](\d+))?$/);
    if (!grouped && !plain) return UNCLEAR;
    if (scale > 1n && /^[1-9]\d{0,2}[.,]\d{3}$/.test(number)) return UNCLEAR;
    const whole = grouped ? grouped[1].replace(/\D/g, "") : plain[1];
    const decimals = (grouped ? grouped[3] : plain[2]) ?? "";
    const parts = 10n ** BigInt(decimals.length);
    const amount = BigInt(whole + decimals) * scale;
    if (amount % parts || (!isWritten && scale > 1n && whole.length > 6)) return UNCLEAR;
    return !isWritten && scale === 1n && amount && amount < FEW ? UNCLEAR : amount / parts;
  };
  const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ".");
  const inUnit = (amount) => {
    const decimals = unit > 1n ? String(amount % unit).padStart(6, "0").replace(/0+$/, "") : "";
    return grouped(amount / unit) + (decimals && `,${decimals}`);
  };
  const sumOf = (cells) => {
    const amounts = cells.map(amountOf).filter((amount) => amount !== null);
    if (!amounts.length) return "–";
    const known = amounts.filter((amount) => amount !== UNCLEAR);
    const sum = inUnit(known.reduce((one, other) => one + other, 0n));
    return known.length === amounts.length ? sum : `${sum} + ?`;
  };
  const show = (cell, cells) => {
    if (cell) cell.textContent = sumOf(cells);
  };
  const sumUp = () => {
    rows.forEach((row, index) => show(row.querySelector("[data-sum]"), grid[index]));
    const totals = [...table.querySelectorAll("tfoot [data-sum]")];
    totals.forEach((cell, column) =>
      show(cell, column < totals.length - 1 ? grid.map((cells) => cells[column]).filter(Boolean) : grid.flat()),
    );
  };
  sumUp(); // the server leaves out what it asks about; here it is said
  let waiting = 0;
  table.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(sumUp);
  });

  // ---- a block from a workbook -------------------------------------------------------------------------------------
  // Cells between tabs, rows between line ends; what holds either stands in quotes, in which a quote is doubled.
  const cellsOf = (text) => {
    const block = [[]];
    let rest = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (;;) {
      const found = rest.match(/^"((?:[^"]|"")*)"(?=[\t\n]|$)/) ?? rest.match(/^([^\t\n]*)/);
      const isQuoted = rest.startsWith('"') && found[0].length > found[1].length;
      block.at(-1).push((isQuoted ? found[1].replaceAll('""', '"') : found[1]).replace(/\s+/g, " ").trim());
      rest = rest.slice(found[0].length);
      if (!rest) return block;
      if (rest[0] === "\n") block.push([]);
      rest = rest.slice(1);
    }
  };
  const same = (text) => text.normalize("NFC").toLowerCase();
  const titles = [...table.querySelectorAll("thead th.num:not(.sum)")].map((cell) => same(cell.textContent.trim()));
  const CODE = /^\p{L}{2,}\d{4}-\d+/u;
  const isAmount = (text) => /^[-–—]?$/.test(text) || AMOUNT.test(same(text).replace(/^[-–—(] ?|\)$/g, ""));
  const rowsByCode = Map.groupBy
    ? Map.groupBy(grid.keys(), (index) => same(rows[index].dataset.code))
    : [...grid.keys()].reduce((map, index) => {
        const code = same(rows[index].dataset.code);
        return map.set(code, [...(map.get(code) ?? []), index]);
      }, new Map());

  // The column of the block that names projects; -1 where none does.
  const codeColumn = (block) => {
    const width = Math.max(...block.map((line) => line.length));
    const looksLike = (column) => block.filter((line) => CODE.test(line[column] ?? "") || rowsByCode.has(same(line[column] ?? "")));
    return [...Array(width).keys()].find((column) => looksLike(column).length) ?? -1;
  };
  // For each column of the block the column of the sheet: by its heading, else one after the other from `first` on.
  const columnsOf = (block, heading, codes, first) => {
    const width = Math.max(...block.map((line) => line.length));
    if (heading) return [...Array(width).keys()].map((column) => titles.indexOf(same(heading[column] ?? "")));
    let next = first;
    return [...Array(width).keys()].map((column) => {
      if (codes < 0) return first + column;
      const isOfAmounts = column > codes && block.every((line) => isAmount(line[column] ?? ""));
      return isOfAmounts ? next++ : -1;
    });
  };
  const isTotal = (line) => line.some((text) => /^(tổng|cộng)/iu.test(text));
  // For each line of the block the row of the sheet; undefined where there is none.
  const linesOf = (block, codes, first, unknown) => {
    const taken = new Map();
    let code = "";
    return block.map((line, down) => {
      if (codes < 0) return first + down;
      if (isTotal(line)) return undefined;
      if (line[codes]) code = same(line[codes]);
      if (line[codes] && !rowsByCode.has(code)) unknown.add(line[codes]);
      const turn = taken.get(code) ?? 0;
      taken.set(code, turn + 1);
      return rowsByCode.get(code)?.[turn];
    });
  };

  const pasted = []; // what can be taken back: for each paste its cells with what stood in them and what came
  let isTypedSince = false;
  const put = (cell, text) => {
    cell.value = text;
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const paste = (block, row, column) => {
    const heading = block[0].some((text) => titles.includes(same(text))) ? block[0] : null;
    const body = heading ? block.slice(1) : block;
    const codes = codeColumn(body);
    const unknown = new Set();
    const lines = linesOf(body, codes, row, unknown);
    const columns = columnsOf(body, heading, codes, column);
    const out = { rows: new Set(), columns: new Set(), texts: [], locked: 0 };
    const changes = [];
    body.forEach((line, down) =>
      line.forEach((text, right) => {
        const isBeside = columns[right] < 0; // a code, a name, a heading that is none of the sheet
        const cell = grid[lines[down]]?.[columns[right]];
        if (isBeside) return;
        if (cell?.readOnly) out.locked += 1;
        else if (cell) changes.push({ cell, before: cell.value, after: text });
        else if (text) {
          if (grid[lines[down]]) out.columns.add(right);
          else out.rows.add(down);
          out.texts.push(text);
        }
      }),
    );
    changes.forEach(({ cell, after }) => put(cell, after));
    if (changes.length) pasted.push(changes);
    isTypedSince = false;
    say(changes.length, out, unknown);
  };

  // ---- what came of it, and the way back ---------------------------------------------------------------------------
  const box = document.querySelector("[data-sheet-said]");
  const text = box.querySelector("p");
  const button = box.querySelector("button");
  const words = (key, values) => box.dataset[key].replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
  const some = (all) => [...all].slice(0, 10).join("; ") + (all.length > 10 ? "; …" : "");
  const say = (count, out, unknown) => {
    const said = [words("pasted", { count })];
    const parts = [];
    if (out.rows.size) parts.push(words("rows", { count: out.rows.size }));
    if (out.columns.size) parts.push(words("columns", { count: out.columns.size }));
    if (parts.length) said.push(words("out", { parts: parts.join(", "), texts: some(out.texts) }));
    if (unknown.size) said.push(words("unknown", { codes: some([...unknown]) }));
    if (out.locked) said.push(words("locked", { count: out.locked }));
    box.classList.toggle("warning", said.length > 1);
    text.textContent = said.join(" ");
    button.hidden = !pasted.length;
  };
  const undo = () => {
    const changes = pasted.pop();
    // What was typed over since stays: nobody's typing is lost.
    changes.filter(({ cell, after }) => cell.value === after).forEach(({ cell, before }) => put(cell, before));
    isTypedSince = false;
    box.classList.remove("warning");
    text.textContent = words("undone", {});
    button.hidden = !pasted.length;
    if (document.activeElement === document.body || button.hidden) changes[0].cell.focus();
  };
  button.addEventListener("click", undo);

  table.addEventListener("input", (event) => {
    if (event.isTrusted && !event.inputType?.startsWith("history")) isTypedSince = true;
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return;
    const isElsewhere = event.target.matches?.("input, textarea") && !table.contains(event.target);
    if (!pasted.length || isTypedSince || isElsewhere) return;
    event.preventDefault();
    undo();
  });
  table.addEventListener("paste", (event) => {
    if (!event.target.matches?.(inputs)) return;
    const copied = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!/[\t\r\n]/.test(copied)) return; // one value: the browser does it
    event.preventDefault();
    paste(cellsOf(copied), ...place(event.target));
  });
})();
