"use strict";

// A form keeps itself as a draft while it is typed into. When the server can't take it (no connection, an expired
// sign-in), this tab keeps it, and hands it over the next time the form is opened by the same person.
(() => {
  const PAUSE_MS = 2000;
  const PREFIX = "draft:";
  const NEVER_KEPT = /^csrfmiddlewaretoken$|password|personal_number/i;
  const states = new WeakMap(); // of each form: its timer, its strokes, and whether something of them is kept nowhere

  const ticketOf = (form) => form?.querySelector("input[name=draft][data-draft]");
  const stateOf = (form) => {
    if (!states.has(form)) states.set(form, { timer: 0, strokes: 0, isDirty: false, isSent: false, running: null });
    return states.get(form);
  };
  const kept = () =>
    Object.keys(sessionStorage)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => JSON.parse(sessionStorage.getItem(name)));
  const forget = (opening) => sessionStorage.removeItem(PREFIX + opening);
  const keepHere = (one) => {
    try {
      sessionStorage.setItem(PREFIX + one.opening, JSON.stringify(one));
    } catch {
      // full or shut off: the page itself still holds what was typed
    }
  };

  const pairsOf = (form) => {
    const pairs = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NEVER_KEPT.test(name));
    const texts = new Map(pairs);
    // A cell of a sheet that stands as it was opened is not typed: c-7-1 says with what that was, o-7-1 goes with it.
    const isLeftAlone = (name) => {
      const cell = name.match(/^[co]-(.+)/)?.[1];
      return cell && texts.get(`c-${cell}`) === form.elements[`c-${cell}`]?.dataset.opened;
    };
    return pairs.filter(([name]) => !isLeftAlone(name));
  };
  const copyOf = (form, isSent) => {
    const { draft: key, owner, opening } = ticketOf(form).dataset;
    return { key, owner, opening, isSent, pairs: pairsOf(form) };
  };
  // The token may have been renewed in another tab.
  const token = () =>
    document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ??
    document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const body = (pairs) => {
    const data = new FormData();
    for (const [name, value] of pairs) data.append(name, value);
    data.append("csrfmiddlewaretoken", token());
    return data;
  };
  const send = (address, pairs, signal) =>
    fetch(address, { method: "POST", body: body(pairs), redirect: "manual", signal });

  const save = async (form) => {
    const state = stateOf(form);
    clearTimeout(state.timer);
    const copy = copyOf(form, false);
    const upTo = state.strokes;
    state.running = new AbortController();
    try {
      const answer = await send(ticketOf(form).dataset.address, copy.pairs, state.running.signal);
      if (state.strokes === upTo) state.isDirty = false;
      if (answer.status === 204) forget(copy.opening);
      else if (answer.status === 413) say(await answer.text());
      else keepHere(copy);
    } catch {
      if (!state.isSent) keepHere(copy);
    }
  };
  const say = (text) => {
    const box = document.querySelector(".live-message");
    box.textContent = text;
    box.hidden = false;
  };
  const changed = (form) => {
    const state = stateOf(form);
    state.strokes += 1;
    state.isDirty = true;
    state.isSent = false;
    clearTimeout(state.timer);
    state.timer = setTimeout(save, PAUSE_MS, form);
  };
  // Sent for good: a draft that arrived after it would be offered for nothing.
  const stop = (form) => {
    const state = stateOf(form);
    state.isSent = true;
    state.isDirty = false;
    clearTimeout(state.timer);
    state.running?.abort();
  };

  for (const kind of ["input", "change"])
    document.addEventListener(kind, ({ target }) => {
      if (!ticketOf(target.form)) return;
      target.form.elements.draft_last.value = target.name;
      changed(target.form);
    });
  // What stands unsent in another form of the page is kept first, so that the next page finds it.
  const WAIT_MS = 3000;
  const keepOthers = async (form) => {
    const others = [...document.forms].filter((one) => one !== form && stateOf(one).isDirty);
    const pause = new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    await Promise.race([Promise.all(others.map(save)), pause]);
    for (const one of others.filter((one) => stateOf(one).isDirty)) keepHere(copyOf(one, false));
  };
  const waited = new WeakSet();
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    const isOther = (one) => one !== form && stateOf(one).isDirty;
    if (form.method === "post" && !waited.has(form) && [...document.forms].some(isOther)) {
      event.preventDefault();
      waited.add(form);
      keepOthers(form).then(() => {
        delete form.dataset.sent; // site.js lets a form go once
        form.requestSubmit(event.submitter);
      });
      return;
    }
    waited.delete(form);
    if (!ticketOf(form)) return;
    stop(form);
    keepHere(copyOf(form, true));
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) stateOf(form).isSent = false;
  });
  window.addEventListener("pagehide", () => {
    for (const form of document.forms) {
      if (!stateOf(form).isDirty) continue;
      const copy = copyOf(form, false);
      if (!navigator.sendBeacon(ticketOf(form).dataset.address, body(copy.pairs))) keepHere(copy);
    }
  });

  // A form that htmx sends, or takes off the page.
  const isSending = (event) => event.detail.requestConfig.triggeringEvent?.type === "submit" && ticketOf(event.target);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isSending(event)) stop(event.target);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (isSending(event) && event.detail.failed) changed(event.target);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    for (const form of event.detail.target.querySelectorAll("form")) {
      if (!stateOf(form).isDirty) continue;
      keepHere(copyOf(form, false)); // whoever comes back at once finds it, though the server has it not yet
      save(form);
    }
  });

  const isShown = (copy, form) => {
    const texts = (pairs) => JSON.stringify(pairs.filter(([name]) => !name.startsWith("draft")));
    return texts(copy.pairs) === texts(pairsOf(form));
  };
  // Typing that this tab still holds, because the server did not take it: whether the server has it now.
  const handOver = async (ticket) => {
    const mine = kept().filter((one) => one.owner === ticket.dataset.owner && one.key === ticket.dataset.draft);
    let isTaken = false;
    for (const copy of mine) {
      const isHere = copy.opening === ticket.dataset.opening && isShown(copy, ticket.form);
      const answer = isHere ? null : await send(ticket.dataset.address, copy.pairs);
      if (isHere || answer.status === 204) forget(copy.opening);
      isTaken ||= answer?.status === 204;
    }
    return isTaken;
  };
  const opened = async (root) => {
    for (const ticket of root.querySelectorAll("input[name=draft][data-draft]")) {
      if (states.has(ticket.form)) continue;
      stateOf(ticket.form);
      if ("answer" in ticket.dataset) {
        // An answer to what was sent shows all of it, and it is still not saved.
        forget(ticket.dataset.opening);
        changed(ticket.form);
      } else if (await handOver(ticket).catch(() => false)) {
        if (!document.querySelector("[data-answer]")) location.reload();
        return;
      }
    }
  };

  // What was sent and came through is no draft any more; what did not is one.
  const wasSaved = document.querySelector(".message-success, .message-info") !== null;
  for (const copy of kept().filter((one) => one.isSent)) {
    if (wasSaved) forget(copy.opening);
    else keepHere({ ...copy, isSent: false });
  }
  opened(document);
  document.addEventListener("htmx:load", (event) => opened(event.detail.elt));
})();
