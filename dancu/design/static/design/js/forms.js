// Guards unsaved answers, and sends a form once only.
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
