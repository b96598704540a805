// Tables: the plain one, and the one that can be sorted and paged.

import { h } from "./dom.js";
import { plainOf, richText } from "./richtext.js";

const shown = (cell) => (cell.type === "rich_text" ? richText(cell) : String(cell.text ?? cell.value ?? ""));
const words = (cell) => (cell.type === "rich_text" ? plainOf(cell) : shown(cell)).toLowerCase();
const sortedBy = (cell) => (cell.type === "raw_number" ? cell.value : String(cell.text ?? ""));

export function table(block) {
  const [head, ...rows] = block.rows;
  const side = (place) => ({ class: `align-${block.column_settings?.[place]?.align ?? "left"}` });
  return h("div", { class: "block table", tabindex: "0", role: "region", "aria-label": "Table" }, h("table", {},
    h("thead", {}, h("tr", {}, head.map((cell, place) => h("th", { scope: "col", ...side(place) }, shown(cell))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, place) => h("td", side(place), shown(cell))))))));
}

export function dataTable(block) {
  const [head, ...rows] = block.rows;
  const size = block.page_size ?? 5;
  const body = h("div");
  const filter = h("input", { type: "search", class: "filter", placeholder: "Filter", "aria-label": `Filter ${block.caption}`, oninput: () => { page = 0; draw(); } });
  const box = h("div", { class: "block" }, rows.length > 1 ? filter : null, body);
  let page = 0;
  let by = -1;
  let down = false;
  const draw = () => {
    const wanted = filter.value.trim().toLowerCase();
    const found = rows.filter((row) => row.some((cell) => words(cell).includes(wanted)));
    const ordered = by < 0 ? found : found.toSorted((one, other) => {
      const [a, b] = [sortedBy(one[by]), sortedBy(other[by])];
      return (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b))) * (down ? -1 : 1);
    });
    const pages = Math.ceil(found.length / size);
    const sort = (place) => { down = by === place && !down; by = place; page = 0; draw(); body.querySelectorAll("th button")[place].focus(); };
    const turn = (step) => { page += step; draw(); };
    const isNumber = (cell) => (cell.type === "raw_number" ? "align-right" : "");
    body.replaceChildren(
      h("div", { class: "table", tabindex: "0", role: "region", "aria-label": block.caption }, h("table", {}, h("caption", {}, block.caption),
        h("thead", {}, h("tr", {}, head.map((cell, place) => h("th", { scope: "col", "aria-sort": by === place ? (down ? "descending" : "ascending") : "none" }, h("button", { type: "button", onclick: () => sort(place) }, shown(cell), h("span", { "aria-hidden": "true" }, by === place ? (down ? " ↓" : " ↑") : "")))))),
        h("tbody", {}, ordered.slice(page * size, page * size + size).map((row) => h("tr", {}, row.map((cell, place) => (place === (block.row_header_column_index ?? 0) ? h("th", { scope: "row" }, shown(cell)) : h("td", { class: isNumber(cell) }, shown(cell))))))))),
      pages > 1 ? h("p", { class: "pages" }, h("button", { type: "button", class: "button", disabled: page === 0, onclick: () => turn(-1) }, "Back"), ` ${page + 1} of ${pages} `, h("button", { type: "button", class: "button", disabled: page === pages - 1, onclick: () => turn(1) }, "Next")) : "",
      found.length ? "" : h("p", { class: "empty" }, "No row has that."));
  };
  draw();
  return box;
}
