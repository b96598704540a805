// The stack of views that the app has opened; the last one is in front.

import { blocks } from "./blocks.js";
import { byId, h } from "./dom.js";
import { act, state } from "./store.js";
import { surface } from "./surface.js";

const typed = new Map(); // What was typed survives an update where block_id and action_id stay.
let shown = "";
let before = null;

export function drawModals() {
  const place = byId("modals");
  const view = state.views.at(-1);
  if (!view) {
    place.replaceChildren();
    typed.clear();
    if (shown) before?.focus?.();
    shown = "";
    return;
  }
  if (!shown) before = document.activeElement;
  const scroll = shown === view.id ? place.querySelector(".modal-body")?.scrollTop ?? 0 : 0;
  const inFocus = shown === view.id ? document.activeElement?.textContent : null;
  shown = view.id;
  place.replaceChildren(dialog(view));
  const body = place.querySelector(".modal-body");
  body.scrollTop = scroll;
  const again = inFocus ? [...place.querySelectorAll("button")].find((each) => each.textContent === inFocus) : null;
  (again ?? place.querySelector("[data-focus]") ?? place.querySelector(".modal")).focus({ preventScroll: true });
}

function dialog(view) {
  const where = surface({ type: "view", view_id: view.id }, typed);
  const banner = h("p", { class: "banner", role: "alert" });
  const close = (all) => act("close", { view_id: view.id, all });
  const submit = async (event) => {
    event.preventDefault();
    banner.textContent = "";
    const found = where.values();
    const errors = required(view, found);
    if (!Object.keys(errors).length) {
      button.classList.add("waiting");
      const answer = await act("submit", { view_id: view.id, state: found });
      button.classList.remove("waiting");
      if (!answer.ok) banner.textContent = answer.message ?? "We had some trouble connecting. Try again?";
      Object.assign(errors, answer.errors ?? {});
    }
    tell(form, errors);
  };
  const button = view.submit ? h("button", { class: "button primary" }, view.submit.text) : null;
  const form = h("form", { class: "modal", role: "dialog", "aria-modal": "true", "aria-labelledby": "modal-title", tabindex: "-1", novalidate: true, onsubmit: submit },
    h("header", {},
      state.views.length > 1 ? h("button", { type: "button", class: "plain", "aria-label": "Back", onclick: () => close(false) }, "‹") : null,
      h("h2", { id: "modal-title" }, view.title.text),
      h("button", { type: "button", class: "plain", "aria-label": "Close", onclick: () => close(true) }, "×")),
    banner,
    h("div", { class: "modal-body", tabindex: "0" }, blocks(view.blocks, where)),
    h("footer", {}, h("button", { type: "button", class: "button", onclick: () => close(false) }, view.close?.text ?? (button ? "Cancel" : "Close")), button));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close(true);
    if (event.key === "Tab") keepInside(event, form);
  });
  return h("div", { class: "veil" }, form);
}

function keepInside(event, form) {
  const all = [...form.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']")].filter((each) => each.offsetParent);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (document.activeElement === edge || document.activeElement === form) {
    (event.shiftKey ? all.at(-1) : all[0])?.focus();
    event.preventDefault();
  }
}

function required(view, values) {
  const errors = {};
  for (const block of view.blocks.filter((each) => each.type === "input" && !each.optional)) {
    const value = values[block.block_id]?.[block.element.action_id] ?? {};
    const given = Object.entries(value).some(([name, each]) => name !== "type" && each !== null && each !== undefined && !(Array.isArray(each) && !each.length));
    if (!given) errors[block.block_id] = "Please complete this required field.";
  }
  return errors;
}

function tell(form, errors) {
  for (const place of form.querySelectorAll(".block.input")) {
    const text = errors[place.dataset.block] ?? "";
    place.querySelector(".error").textContent = text;
    const field = place.querySelector("input, textarea, select");
    field?.setAttribute("aria-invalid", String(Boolean(text)));
    if (text) field?.setAttribute("aria-describedby", place.querySelector(".error").id);
  }
  form.querySelector("[aria-invalid='true']")?.focus();
}
