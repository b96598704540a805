// Ctrl+K: go to a conversation by typing part of its name.

import { h } from "./dom.js";
import { go, state } from "./store.js";

export function openSwitcher() {
  if (document.querySelector("dialog")) return;
  const places = state.conversations.flatMap((each) => (each.kind === "app"
    ? [...(state.app.home_enabled ? [[`${each.name} · Home`, each.id, "home"]] : []), [`${each.name} · Messages`, each.id, "messages"]]
    : [[each.name, each.id, "messages"]]));
  const input = h("input", { type: "search", "aria-label": "Jump to", placeholder: "Jump to…", role: "combobox", "aria-expanded": "true", "aria-controls": "jump" });
  const list = h("div", { id: "jump", role: "listbox" });
  const dialog = h("dialog", { class: "ask switcher", "aria-label": "Jump to a conversation" }, input, list);
  const draw = () => list.replaceChildren(...places.filter(([name]) => name.toLowerCase().includes(input.value.toLowerCase())).map(([name, id, tab], place) => h("button", { type: "button", role: "option", "aria-selected": String(place === 0), onclick: () => { dialog.close(); go(id, tab); } }, name)));
  input.addEventListener("input", draw);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === input) list.firstElementChild?.click();
    if (event.key === "ArrowDown") (event.target === input ? list.firstElementChild : event.target.nextElementSibling)?.focus();
    if (event.key === "ArrowUp") (event.target.previousElementSibling ?? input).focus();
    if (event.key.startsWith("Arrow")) event.preventDefault();
  });
  dialog.addEventListener("close", () => dialog.remove());
  draw();
  document.body.append(dialog);
  dialog.showModal();
}
