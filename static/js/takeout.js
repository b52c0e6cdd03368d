"use strict";

// A file takes its time before the download begins: say so, and stop saying so when the server gives the token back.
(() => {
  const links = [...document.querySelectorAll("a[data-take-out]")];
  const status = document.querySelector("[data-take-out-status]");
  const GIVE_UP_SECONDS = 900;
  let timer = 0;

  const isBusy = () => timer !== 0;
  const cookie = () => document.cookie.match(/(?:^|; )take_out=([0-9a-f]+)/)?.[1];
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    for (const link of links) {
      link.removeAttribute("aria-disabled");
      link.removeAttribute("aria-busy");
      link.classList.remove("disabled");
    }
  };
  const wait = (token) => {
    const start = Date.now();
    const clock = document.createElement("span"); // not read aloud each second
    clock.setAttribute("aria-hidden", "true");
    status.textContent = status.dataset.making;
    status.append(clock);
    status.hidden = false;
    timer = setInterval(() => {
      const seconds = Math.floor((Date.now() - start) / 1000);
      clock.textContent = ` ${seconds} ${status.dataset.seconds}`;
      if (cookie() !== token && seconds < GIVE_UP_SECONDS) return;
      stop();
      if (cookie() === token) status.textContent = status.dataset.begun;
      else status.hidden = true;
    }, 250);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-take-out]");
    if (!link) return;
    if (isBusy()) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const token = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const address = new URL(link.href);
    address.searchParams.set("token", token);
    link.href = address;
    for (const other of links) other.setAttribute("aria-disabled", "true");
    for (const button of links.filter((each) => each.classList.contains("btn"))) button.classList.add("disabled");
    link.setAttribute("aria-busy", "true");
    wait(token);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) stop();
  });
})();
