// Rich text as nodes, and the plain lines of a rich text field as rich text.

import { h } from "./dom.js";
import { plain, reference } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u", highlight: "mark" };

function word(found) {
  let node;
  switch (found.type) {
    case "text": node = h("span", {}, ...plainText(found.text)); break;
    case "link": node = reference(`${found.url}|${found.text ?? found.url}`); break;
    case "user": node = reference(`@${found.user_id}`); break;
    case "channel": node = reference(`#${found.channel_id}`); break;
    case "usergroup": node = reference(`!subteam^${found.usergroup_id}`); break;
    case "broadcast": node = reference(`!${found.range}`); break;
    case "date": node = reference(`!date^${found.timestamp}^${found.format}|${found.fallback ?? ""}`); break;
    case "emoji": node = h("span", {}, ...plain(`:${found.name}:`)); break;
    case "color": node = h("code", {}, found.value); break;
  }
  for (const [name, tag] of Object.entries(STYLES)) if (found.style?.[name]) node = h(tag, {}, node);
  return node;
}

const plainText = (text) => text.split("\n").flatMap((line, place) => (place ? [h("br"), line] : [line]));

function part(found) {
  switch (found.type) {
    case "rich_text_quote": return h("blockquote", {}, found.elements.map(word));
    case "rich_text_preformatted": return h("pre", {}, found.elements.map(word));
    case "rich_text_list": {
      const list = h(found.style === "ordered" ? "ol" : "ul", { start: found.offset ? found.offset + 1 : undefined, class: `indent-${found.indent ?? 0}` }, found.elements.map((each) => h("li", {}, each.elements.map(word))));
      return list;
    }
    default: return h("p", {}, found.elements.map(word));
  }
}

export const richText = (found) => h("div", { class: "rich" }, found.elements.map(part));

export function richOf(text) {
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

export function plainOf(value) {
  if (!value) return "";
  if (Array.isArray(value)) return value.map(plainOf).join("");
  return value.text ?? plainOf(value.elements ?? []);
}
