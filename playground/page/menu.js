// A button that opens a short list. Arrow keys move, Escape closes.

import { h } from "./dom.js";

export function menu(label, items) {
  const list = h("div", { class: "menu", role: "menu", hidden: true });
  const toggle = h("button", { type: "button", class: "button overflow", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label }, "⋯");
  const open = (yes) => {
    list.hidden = !yes;
    toggle.setAttribute("aria-expanded", String(yes));
    if (yes) {
      list.classList.toggle("upwards", toggle.getBoundingClientRect().bottom > window.innerHeight - 180);
      list.classList.toggle("leftwards", toggle.getBoundingClientRect().right > window.innerWidth - 250);
      list.firstElementChild.focus();
    } else if (list.contains(document.activeElement)) toggle.focus();
  };
  for (const [content, chosen] of items) {
    list.append(h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => { open(false); chosen(); } }, ...[content].flat()));
  }
  const wrapper = h("span", { class: "menu-anchor" }, toggle, list);
  toggle.addEventListener("click", () => open(list.hidden));
  wrapper.addEventListener("focusout", (event) => wrapper.contains(event.relatedTarget) || (list.hidden = true, toggle.setAttribute("aria-expanded", "false")));
  wrapper.addEventListener("keydown", (event) => {
    const entries = [...list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && !list.hidden) { open(false); event.stopPropagation(); }
    if (step && !list.hidden) {
      entries[(entries.indexOf(document.activeElement) + step + entries.length) % entries.length].focus();
      event.preventDefault();
    }
  });
  return wrapper;
}
