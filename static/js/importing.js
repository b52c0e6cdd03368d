"use strict";

// While a list is written its page stays and asks how far that is; without this the button alone is busy.
(() => {
  const box = document.querySelector("[data-so-far]");
  const [words, bar] = [box.querySelector("[role=status]"), box.querySelector("progress")];
  const [waiting, PAUSE] = [words.textContent, 300];
  let timer = 0;

  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.soFar);
      const figures = answer.ok ? await answer.json() : {};
      if (figures.total) {
        [bar.max, bar.value] = [figures.total, figures.done];
        if (words.textContent !== figures.words) words.textContent = figures.words; // read aloud once each
      }
    } catch {
      // the page is being left: what comes next says how it ended
    }
    if (timer) timer = setTimeout(ask, PAUSE);
  };
  document.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "write" || timer) return;
    box.hidden = false;
    timer = setTimeout(ask, PAUSE);
  });
  window.addEventListener("pageshow", () => {
    clearTimeout(timer);
    timer = 0;
    box.hidden = true;
    words.textContent = waiting;
    bar.removeAttribute("value");
  });
})();
