"use strict";

// A long form keeps itself as a draft while it is typed into. When the server can't take it (no connection, an
// expired sign-in), this tab keeps it, and hands it over the next time the form is opened by the same person.
(() => {
  const PAUSE_MS = 2000;
  const PREFIX = "draft:";
  const wasSaved = document.querySelector(".message-success") !== null;
  const form = document.querySelector("form[data-draft]");

  const kept = () => Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
  const forget = (name) => sessionStorage.removeItem(name);
  // What was sent and came through is no draft any more.
  if (wasSaved) for (const name of kept()) if (JSON.parse(sessionStorage.getItem(name)).isSent) forget(name);
  if (!form) return;

  const { draft: key, draftOwner: owner, draftAddress: address } = form.dataset;
  const place = `${PREFIX}${owner}:${key}`;
  // The token may have been renewed in another tab.
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
  const fields = () => [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const body = (pairs) => {
    const data = new FormData();
    for (const [name, value] of pairs) if (name !== "csrfmiddlewaretoken" && name !== "key") data.append(name, value);
    data.append("key", key);
    data.append("owner", owner);
    data.append("csrfmiddlewaretoken", token());
    return data;
  };
  const keepHere = (pairs, isSent) => {
    try {
      const safe = pairs.filter(([name]) => name !== "csrfmiddlewaretoken" && !/password|personal_number/i.test(name));
      sessionStorage.setItem(place, JSON.stringify({ pairs: safe, isSent }));
    } catch {
      // full or shut off: the page itself still holds what was typed
    }
  };

  let timer = 0;
  let strokes = 0;
  let isDirty = false; // something typed that neither the server nor this tab has kept
  let running = null;
  let isLeaving = false;

  const save = async () => {
    clearTimeout(timer);
    const pairs = fields();
    const upTo = strokes;
    running = new AbortController();
    try {
      const answer = await fetch(address, { method: "POST", body: body(pairs), signal: running.signal });
      if (strokes === upTo) isDirty = false;
      if (answer.status === 204) forget(place);
      else if (answer.status !== 413) keepHere(pairs, false);
    } catch {
      if (!isLeaving) keepHere(pairs, false);
    }
  };
  const changed = () => {
    strokes += 1;
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);

  document.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    // Sent for good: a draft that arrived after it would be offered for nothing.
    isLeaving = true;
    isDirty = false;
    clearTimeout(timer);
    running?.abort();
    keepHere(fields(), true);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isLeaving = false;
  });
  window.addEventListener("pagehide", () => {
    if (!isDirty) return;
    const pairs = fields();
    if (!navigator.sendBeacon(address, body(pairs))) keepHere(pairs, false);
  });

  // An answer to what was sent shows all of it, and it is still not saved.
  if ("draftAnswer" in form.dataset) {
    forget(place);
    changed();
    return;
  }
  // Typing that this tab still holds, because the server did not take it.
  const left = sessionStorage.getItem(place);
  if (!left) return;
  fetch(address, { method: "POST", body: body(JSON.parse(left).pairs) })
    .then((answer) => {
      if (answer.status !== 204) return;
      forget(place);
      location.reload();
    })
    .catch(() => {});
})();
