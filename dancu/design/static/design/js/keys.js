// Keys for officers: / searches, the down key goes from there into the list, j and k walk it, g and
// a letter goes somewhere, ? helps.
(function () {
  "use strict";
  const PAUSE_MS = 1500;
  let waitingForPlace = 0;

  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  function go(letter) {
    const selector = letter === "h" ? "[data-home]" : `[data-go="${CSS.escape(letter)}"]`;
    const link = document.querySelector(selector);
    if (link) link.click();
  }

  function lines() {
    const links = Array.from(document.querySelectorAll("[data-list] [data-open]"));
    return links.filter((link) => link.offsetParent !== null);
  }

  function walk(step) {
    const all = lines();
    if (!all.length) return;
    const here = all.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
    const line = all[Math.max(0, Math.min(all.length - 1, next))];
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  }

  const ACTIONS = {
    "/": function () {
      const box = document.querySelector("[data-search]");
      if (!box) return false;
      box.focus();
      box.select();
      return true;
    },
    "?": function () {
      document.getElementById("keys").showModal();
      return true;
    },
    g: function () {
      waitingForPlace = Date.now();
      return true;
    },
    j: function () {
      walk(1);
      return true;
    },
    k: function () {
      walk(-1);
      return true;
    },
  };

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "ArrowDown" && event.target.matches("[data-search]") && lines().length) {
      event.preventDefault();
      walk(1);
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (Date.now() - waitingForPlace < PAUSE_MS && /^[a-z]$/.test(event.key)) {
      waitingForPlace = 0;
      event.preventDefault();
      go(event.key);
      return;
    }
    const action = ACTIONS[event.key];
    if (action && action()) event.preventDefault();
  });
})();
