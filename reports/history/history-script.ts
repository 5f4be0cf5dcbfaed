import type { Markup } from "../html.ts";
import { raw } from "../html.ts";
import { copying } from "../script.ts";

/**
 * What the page of a history can do beyond being read: n and p lead to the next and the previous part, an
 * operation that is pointed at stands out in picture and table alike, and the command can be copied.
 */
export const historyScript: Markup = raw(`
(function () {
  var parts = Array.prototype.slice.call(document.querySelectorAll(".part"));
  function go(by) {
    var now = parts.findIndex(function (part) { return "#" + part.id === location.hash; });
    var next = now < 0 ? (by > 0 ? 0 : parts.length - 1) : now + by;
    if (!parts[next]) return;
    location.hash = parts[next].id;
    var heading = parts[next].querySelector("h2");
    if (heading) heading.focus({ preventScroll: true });
  }
  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "n") go(1);
    else if (event.key === "p") go(-1);
  });
  parts.forEach(function (part) {
    var all = Array.prototype.slice.call(part.querySelectorAll("[data-op]"));
    function light(target, on) {
      var from = target.closest && target.closest("[data-op]");
      if (!from) return;
      all.forEach(function (each) {
        if (each.getAttribute("data-op") === from.getAttribute("data-op")) each.classList.toggle("lit", on);
      });
    }
    part.addEventListener("pointerover", function (event) { light(event.target, true); });
    part.addEventListener("pointerout", function (event) { light(event.target, false); });
  });
${copying}})();
`);
