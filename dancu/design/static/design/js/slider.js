// Couples the range of a date slider with its field, and renews what it shows.
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

  function dayFirst(value) {
    return value.split("-").reverse().join("/");
  }

  // The day that the field shows, as the machine writes it; empty for anything else.
  function chosen(field) {
    const parts = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(field.value.trim());
    return parts ? `${parts[3]}-${parts[2]}-${parts[1]}` : "";
  }

  function connect(form) {
    const date = form.querySelector("[data-date]");
    const range = form.querySelector("[data-range]");
    let timer = 0;
    range.min = days(date.dataset.min);
    range.max = days(date.dataset.max);

    function say() {
      range.setAttribute("aria-valuetext", date.value);
      form.querySelector("[data-words]").textContent = date.value;
    }

    function follow() {
      const day = chosen(date);
      if (!day) return false;
      range.value = days(day);
      say();
      return true;
    }

    function renew() {
      const target = form.dataset.target;
      if (!target || !window.htmx) return;
      const address = new URL(form.action, location.href);
      for (const [name, value] of new FormData(form)) address.searchParams.set(name, value);
      history.replaceState(null, "", address);
      const [first, ...others] = target.split(",").map((one) => one.trim());
      window.htmx.ajax("GET", address.pathname + address.search, {
        target: first,
        select: first,
        selectOOB: others.join(","),
        swap: "outerHTML",
      });
    }

    function later() {
      clearTimeout(timer);
      timer = setTimeout(renew, WAIT_MS);
    }

    range.addEventListener("input", function () {
      date.value = dayFirst(iso(Number(range.value)));
      say();
      later();
    });
    date.addEventListener("change", function () {
      if (follow()) later();
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
