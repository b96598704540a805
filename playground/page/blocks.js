// Block Kit blocks as nodes. `surface` says where they stand and how a press is sent.

import { h } from "./dom.js";
import { element } from "./elements.js";
import { text } from "./mrkdwn.js";

const MAKERS = {
  section(block, surface) {
    const body = h("div", { class: "section-body" });
    if (block.text) body.append(h("div", { class: "section-text" }, ...text(block.text)));
    if (block.fields) body.append(h("div", { class: "fields" }, block.fields.map((field) => h("div", {}, ...text(field)))));
    return h("div", { class: "block section" }, body, block.accessory ? element(block.accessory, block, surface) : null);
  },
  header: (block) => h("h3", { class: "block header" }, ...text(block.text)),
  divider: () => h("hr", { class: "block" }),
  context: (block) => h("div", { class: "block context" }, block.elements.map((each) => each.type === "image" ? picture(each) : h("span", {}, ...text(each)))),
  actions: (block, surface) => h("div", { class: "block actions" }, block.elements.map((each) => element(each, block, surface))),
  image: (block) => h("figure", { class: "block" }, block.title ? h("figcaption", {}, ...text(block.title)) : null, picture(block)),
  alert: (block) => h("div", { class: `block alert ${block.level ?? "default"}`, role: "note" }, ...text(block.text)),
  input(block, surface) {
    const id = `input-${block.block_id}`;
    const field = element(block.element, block, surface, id);
    const optional = block.optional ? h("span", { class: "optional" }, " (optional)") : null;
    return h("div", { class: "block input", "data-block": block.block_id },
      h("label", { for: id }, ...text(block.label), optional), field,
      block.hint ? h("p", { class: "hint", id: `${id}-hint` }, ...text(block.hint)) : null,
      h("p", { class: "error", id: `${id}-error`, role: "alert" }));
  },
};

function picture(block) {
  return h("img", { src: block.image_url, alt: block.alt_text, loading: "lazy" });
}

export function blocks(list, surface) {
  return list.map((block) => MAKERS[block.type]?.(block, surface) ?? h("p", { class: "block unknown" }, `This block cannot be shown yet: ${block.type}`));
}
