import type { Markup } from "./html.ts";
import { raw } from "./html.ts";

/** What copies a command to the clipboard, and shows what only works with scripts; stands within a function. */
export const copying = `  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var text = document.getElementById(button.getAttribute("data-copy")).textContent;
      function done() { button.textContent = "copied"; setTimeout(function () { button.textContent = "copy"; }, 1200); }
      function byHand() {
        var area = document.createElement("textarea");
        area.value = text;
        document.body.appendChild(area);
        area.select();
        if (document.execCommand("copy")) done();
        area.remove();
      }
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand);
      else byHand();
    });
  });
  document.querySelectorAll("[data-needs-script]").forEach(function (part) { part.hidden = false; });
`;

/**
 * What the page can do beyond being read: copy the command, and walk through the steps with the arrow keys,
 * by pointing or by clicking. Everything is there without it. It reads and writes classes, never text of data.
 */
export const pageScript: Markup = raw(`
(function () {
  var table = document.getElementById("steps");
  var rows = table ? Array.prototype.slice.call(table.tBodies[0].rows) : [];
  var figures = Array.prototype.slice.call(document.querySelectorAll("figure svg"));
  var status = document.getElementById("step-status");
  var at = -1;
  function show(next) {
    at = next < -1 ? -1 : next >= rows.length ? rows.length - 1 : next;
    rows.forEach(function (row, index) { row.classList.toggle("at", index === at); });
    figures.forEach(function (svg) {
      svg.classList.toggle("stepping", at >= 0);
      svg.querySelectorAll("g[data-step]").forEach(function (part) {
        part.classList.toggle("later", at >= 0 && Number(part.getAttribute("data-step")) > at);
      });
    });
    if (status) status.textContent = at < 0 ? "" : "Step " + (at + 1) + " of " + rows.length + ": " + rows[at].cells[1].textContent;
  }
  if (table) {
    table.setAttribute("data-live", "");
    rows.forEach(function (row, index) {
      row.addEventListener("click", function () { show(index === at ? -1 : index); });
    });
  }
  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || rows.length === 0) return;
    if (event.key === "ArrowRight") show(at + 1);
    else if (event.key === "ArrowLeft") show(at - 1);
    else if (event.key === "Escape") show(-1);
    else return;
    event.preventDefault();
  });
${copying}})();
`);
