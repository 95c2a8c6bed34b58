// Guards unsaved answers, sends a form once only, writes dates out, and weighs files.
(function () {
  "use strict";
  const dirty = new Set();

  document.addEventListener("input", function (event) {
    const form = event.target.closest("form[data-guard]");
    if (form) dirty.add(form);
  });

  document.addEventListener("submit", function (event) {
    const form = event.target;
    dirty.delete(form);
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });

  // 1/2/1985, 01-02-1985 and 01021985 become 01/02/1985; the server reads all of them.
  function written(text) {
    const parts =
      /^(\d{2})(\d{2})(\d{4})$/.exec(text) ||
      /^(\d{1,2})\s*[\/.\- ]\s*(\d{1,2})\s*[\/.\- ]\s*(\d{4})$/.exec(text);
    if (!parts) return text;
    const [day, month, year] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
    const date = new Date(Date.UTC(year, month - 1, day));
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || year < 1000) return text;
    return `${parts[1].padStart(2, "0")}/${parts[2].padStart(2, "0")}/${parts[3]}`;
  }

  document.addEventListener(
    "change",
    function (event) {
      const field = event.target;
      if (field.matches("[data-date]")) field.value = written(field.value.trim());
      if (field.matches("[data-largest]")) weigh(field);
    },
    true,
  );

  // A file that is too large is told before it is sent.
  function weigh(field) {
    const most = Number(field.dataset.largest);
    const heavy = Array.from(field.files).some((file) => file.size > most);
    const place = document.getElementById(`${field.id}_large`);
    if (place) place.hidden = !heavy;
    field.toggleAttribute("data-heavy", heavy);
    field.setAttribute("aria-invalid", heavy ? "true" : "false");
  }

  document.addEventListener(
    "submit",
    function (event) {
      const heavy = event.target.querySelector("[data-heavy]");
      if (!heavy) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      heavy.focus();
    },
    true,
  );

  // A page that comes back from the browser's memory may be sent again.
  window.addEventListener("pageshow", function () {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  window.addEventListener("beforeunload", function (event) {
    for (const form of dirty) {
      if (!form.isConnected) dirty.delete(form);
    }
    if (dirty.size) event.preventDefault();
  });
})();
