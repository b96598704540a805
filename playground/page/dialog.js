// A question that has to be answered before anything else happens. Native dialogs keep the focus.

import { h } from "./dom.js";
import { text } from "./mrkdwn.js";

export function ask({ title, body = [], confirm = "OK", deny = "Cancel", danger = false, field = null }) {
  return new Promise((resolve) => {
    const yes = h("button", { class: `button ${danger ? "danger" : "primary"}`, value: "yes" }, confirm);
    const form = h("form", { method: "dialog" }, h("h2", { id: "ask-title" }, title), h("div", {}, body), field,
      h("div", { class: "actions" }, h("button", { class: "button", value: "no", formnovalidate: true }, deny), yes));
    const dialog = h("dialog", { class: "ask", "aria-labelledby": "ask-title" }, form);
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    document.body.append(dialog);
    dialog.showModal();
    (field ?? yes).focus();
  });
}

// Slack's confirmation object of an element: true at once when there is none.
export function confirmed(object) {
  if (!object) return Promise.resolve(true);
  return ask({ title: object.title.text, body: text(object.text), confirm: object.confirm.text, deny: object.deny?.text, danger: object.style === "danger" });
}
