// Couples the range of a date slider with its date input, and renews what it shows.
(function () {
  "use strict";
  const DAY_MS = 86400000;
  const WAIT_MS = 250;

  function days(iso) {
    return Math.round(Date.parse(iso + "T00:00:00Z") / DAY_MS);
  }

  function iso(day) {
    return new Date(day * DAY_MS).toISOString().slice(0, 10);
  }

  function spoken(value) {
    return value.split("-").reverse().join("/");
  }

  function connect(form) {
    const date = form.querySelector("input[type=date]");
    const range = form.querySelector("[data-range]");
    let timer = 0;
    range.min = days(date.min);
    range.max = days(date.max);

    // In words too: a browser set to English shows the date field month first.
    function say() {
      range.setAttribute("aria-valuetext", spoken(date.value));
      form.querySelector("[data-words]").textContent = spoken(date.value);
    }

    function follow() {
      if (!date.value) return;
      range.value = days(date.value);
      say();
    }

    function renew() {
      const target = form.dataset.target;
      if (!target || !window.htmx) return;
      const address = new URL(form.action, location.href);
      for (const [name, value] of new FormData(form)) address.searchParams.set(name, value);
      history.replaceState(null, "", address);
      const path = address.pathname + address.search;
      window.htmx.ajax("GET", path, { target: target, select: target, swap: "outerHTML" });
    }

    function later() {
      clearTimeout(timer);
      timer = setTimeout(renew, WAIT_MS);
    }

    range.addEventListener("input", function () {
      date.value = iso(Number(range.value));
      say();
      later();
    });
    date.addEventListener("change", function () {
      follow();
      later();
    });
    follow();
  }

  function connectAll(root) {
    for (const form of root.querySelectorAll("[data-slider]:not([data-ready])")) {
      form.dataset.ready = "yes";
      connect(form);
    }
  }

  document.addEventListener("DOMContentLoaded", () => connectAll(document));
  document.addEventListener("htmx:load", (event) => connectAll(event.detail.elt.parentNode || document));
})();
