// Block Kit blocks as nodes. `surface` says where they stand and how a press is sent.

import { chart } from "./charts.js";
import { h } from "./dom.js";
import { element } from "./elements.js";
import { markdown } from "./markdown.js";
import { text } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";

const STATUS = { pending: "○ To do", in_progress: "◐ In progress", complete: "● Done", error: "✕ Failed" };
const elements = (block, surface) => block.elements.map((each) => element(each, block, surface));

const MAKERS = {
  section(block, surface) {
    const body = h("div", { class: "section-body" });
    if (block.text) body.append(h("div", { class: "section-text" }, ...text(block.text)));
    if (block.fields) body.append(h("div", { class: "fields" }, block.fields.map((field) => h("div", {}, ...text(field)))));
    const side = block.accessory?.type === "image" ? h("div", { class: "thumbnail" }, picture(block.accessory)) : block.accessory ? element(block.accessory, block, surface) : null;
    return h("div", { class: "block section" }, body, side);
  },
  header: (block) => h(`h${(block.level ?? 1) + 2}`, { class: "block header" }, ...text(block.text)),
  divider: () => h("hr", { class: "block" }),
  context: (block) => h("div", { class: "block context" }, block.elements.map((each) => each.type === "image" ? picture(each) : h("span", {}, ...text(each)))),
  actions: (block, surface) => h("div", { class: "block actions" }, elements(block, surface)),
  context_actions: (block, surface) => h("div", { class: "block actions small" }, elements(block, surface)),
  image: (block) => h("figure", { class: "block" }, block.title ? h("figcaption", {}, ...text(block.title)) : null, picture(block)),
  video: (block) => h("figure", { class: "block video" }, h("figcaption", {}, link(block.title_url ?? block.video_url, block.title.text)), block.description ? h("p", {}, ...text(block.description)) : null, h("a", { href: block.video_url, target: "_blank", rel: "noreferrer noopener" }, h("img", { src: block.thumbnail_url, alt: block.alt_text, loading: "lazy" }))),
  file: (block) => h("p", { class: "block file" }, `📄 File ${block.external_id}`),
  alert: (block) => h("div", { class: `block alert ${block.level ?? "default"}`, role: "note" }, ...text(block.text)),
  markdown: (block) => h("div", { class: "block markdown" }, markdown(block.text)),
  rich_text: (block) => h("div", { class: "block" }, richText(block)),
  table,
  data_table: dataTable,
  data_visualization: chart,
  card,
  carousel: (block, surface) => h("div", { class: "block carousel", tabindex: "0", role: "region", "aria-label": "Cards" }, block.elements.map((each) => card(each, surface))),
  container,
  task_card: (block) => h("div", { class: "block" }, task(block)),
  plan: (block) => h("section", { class: "block plan" }, h("h4", {}, block.title), h("ol", {}, block.tasks.map((each) => h("li", {}, task(each))))),
  input(block, surface) {
    const id = `input-${block.block_id}`;
    const field = element(block.element, block, surface, id);
    const optional = block.optional ? h("span", { class: "optional" }, " (optional)") : null;
    if (field.getAttribute("role")?.endsWith("group")) field.setAttribute("aria-labelledby", `${id}-label`);
    return h("div", { class: "block input", "data-block": block.block_id },
      h("label", { for: id, id: `${id}-label` }, ...text(block.label), optional), field,
      block.hint ? h("p", { class: "hint", id: `${id}-hint` }, ...text(block.hint)) : null,
      h("p", { class: "error", id: `${id}-error`, role: "alert" }));
  },
};

function card(block, surface) {
  const line = (name) => (block[name] ? h("div", { class: `card-${name}` }, ...text(block[name])) : null);
  return h("article", { class: "block card" }, block.hero_image ? picture(block.hero_image) : null,
    h("div", { class: "card-head" }, block.icon ? picture(block.icon) : block.slack_icon ? h("span", { "aria-hidden": "true" }, "◆") : null, h("div", {}, line("title"), line("subtitle"))),
    line("body"), line("subtext"), block.actions ? h("div", { class: "actions" }, block.actions.map((each) => element(each, block, surface))) : null);
}

function container(block, surface) {
  const title = [block.icon ? picture(block.icon) : null, ...(block.title ? text(block.title) : [richText(block.rich_text_title)])];
  const subtitle = block.subtitle ? h("p", { class: "hint" }, ...text(block.subtitle)) : null;
  const inside = blocks(block.child_blocks, surface);
  if (block.is_collapsible) return h("details", { class: "block container", open: !block.default_collapsed }, h("summary", {}, title, subtitle), inside);
  return h("section", { class: "block container" }, h("h4", {}, title), subtitle, block.has_header_divider ? h("hr") : null, inside);
}

function task(found) {
  return h("div", { class: `task ${found.status}` }, h("span", { class: "task-status" }, STATUS[found.status]), " ", h("strong", {}, found.title),
    found.details ? richText(found.details) : null, found.output ? richText(found.output) : null,
    found.sources ? h("p", { class: "hint" }, found.sources.flatMap((each) => [link(each.url, each.text), " "])) : null);
}

function picture(block) {
  return h("img", { src: block.image_url ?? block.slack_file?.url, alt: block.alt_text, loading: "lazy" });
}

function link(url, label) {
  return /^https?:/.test(url) ? h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, label) : label;
}

export function blocks(list, surface) {
  return list.map((block) => MAKERS[block.type](block, surface));
}
