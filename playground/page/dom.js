// Elements are built, never parsed from strings: nothing that anybody typed can become markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

export function notice(text) {
  const place = byId("notice");
  place.replaceChildren(text ? h("p", {}, text, h("button", { type: "button", "aria-label": "Dismiss", onclick: () => notice("") }, "×")) : "");
}

export function announce(text) {
  byId("announce").textContent = text;
}
