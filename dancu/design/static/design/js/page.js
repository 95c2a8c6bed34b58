// What every page does when scripts run: nothing here is needed for a page to work.
(function () {
  "use strict";
  document.documentElement.classList.remove("no-script");

  function csrf() {
    const meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.content : "";
  }

  function announce(text) {
    const place = document.getElementById("announcements");
    if (place) place.textContent = text;
  }

  function showMessage(templateId) {
    const template = document.getElementById(templateId);
    const place = document.getElementById("messages");
    if (!template || !place) return;
    place.replaceChildren(template.content.cloneNode(true));
    place.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("htmx:configRequest", function (event) {
    const token = csrf();
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:responseError", function (event) {
    const expired = [401, 403].includes(event.detail.xhr.status);
    showMessage(expired ? "message-expired" : "message-failed");
  });
  document.addEventListener("htmx:sendError", function () {
    showMessage("message-failed");
  });

  // A side panel shows itself when something is put into it, and closes by button or Escape.
  function closePanel(panel) {
    panel.querySelector(".side-panel__content").replaceChildren();
    panel.setAttribute("data-empty", "");
    if (panel.opener && panel.opener.isConnected) panel.opener.focus();
  }
  document.addEventListener("htmx:afterSwap", function (event) {
    const panel = event.detail.target.closest("[data-side-panel]");
    if (!panel) return;
    panel.opener = event.detail.requestConfig.elt;
    panel.removeAttribute("data-empty");
    event.detail.target.focus();
  });

  document.addEventListener("click", function (event) {
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(function () {
        copy.classList.add("copy--done");
        announce(copy.dataset.copied);
        setTimeout(() => copy.classList.remove("copy--done"), 1500);
      });
    }
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    if (event.target.closest("[data-print]")) window.print();
    const close = event.target.closest("[data-close-panel]");
    if (close) closePanel(close.closest("[data-side-panel]"));
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    if (event.target.matches("dialog")) event.target.close();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    const panel = document.querySelector("[data-side-panel]:not([data-empty])");
    if (panel) closePanel(panel);
    if (location.hash === "#nav") location.hash = "content";
  });

  document.addEventListener("change", function (event) {
    const name = event.target.dataset.selectAll;
    if (!name) return;
    const table = event.target.closest("table");
    for (const box of table.querySelectorAll(`tbody input[name="${name}"]`)) {
      box.checked = event.target.checked;
    }
  });

  document.addEventListener("DOMContentLoaded", function () {
    const summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();
    for (const tab of document.querySelectorAll(".tabs__link[aria-current]")) {
      const strip = tab.closest(".tabs");
      strip.scrollLeft = tab.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
    }
    if (!window.matchMedia("(max-width: 47.99rem)").matches) return;
    for (const drawer of document.querySelectorAll('[data-filters="0"]')) drawer.open = false;
  });
})();
