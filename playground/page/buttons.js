// What is pressed.

import { confirmed } from "./dialog.js";
import { h } from "./dom.js";
import { menu } from "./menu.js";
import { plain, text } from "./mrkdwn.js";
import { state } from "./store.js";

export const base = (element, block) => ({ type: element.type, action_id: element.action_id, block_id: block.block_id });

function pressed(found, label, make, look = "") {
  const button = h("button", { type: "button", class: `button ${look}`, "aria-label": found.accessibility_label }, ...label);
  button.addEventListener("click", async () => {
    if (!(await confirmed(found.confirm))) return;
    button.classList.add("waiting");
    await make();
    button.classList.remove("waiting");
  });
  return button;
}

export const BUTTONS = {
  button: (found, block, surface) => pressed(found, text(found.text), () => {
    if (found.url) window.open(found.url, "_blank", "noreferrer");
    return surface.press({ ...base(found, block), text: found.text, value: found.value });
  }, found.style),
  workflow_button: (found, block, surface) => pressed(found, text(found.text), () => surface.press({ ...base(found, block), text: found.text }), found.style),
  icon_button(found, block, surface) {
    if (found.visible_to_user_ids && !found.visible_to_user_ids.includes(state.me)) return null;
    const button = pressed(found, ["🗑"], () => surface.press({ ...base(found, block), value: found.value }), "icon");
    button.setAttribute("aria-label", found.accessibility_label ?? found.text.text);
    button.title = found.text.text;
    return button;
  },
  feedback_buttons(found, block, surface) {
    const one = (each, mark) => pressed(each, [mark, " ", ...plain(each.text.text)], () => surface.press({ ...base(found, block), text: each.text, value: each.value }));
    return h("span", { class: "actions", role: "group" }, one(found.positive_button, "👍"), one(found.negative_button, "👎"));
  },
  overflow: (found, block, surface) => menu("More actions", found.options.map((option) => [text(option.text), async () => {
    if (option.url) window.open(option.url, "_blank", "noreferrer");
    if (await confirmed(found.confirm)) surface.press({ ...base(found, block), selected_option: option });
  }])),
};
