// The Markdown of markdown blocks: headings, lists, quotes, code, tables, and the styles of words.

import { h } from "./dom.js";

const SPAN = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|_([^_]+)_|~~([^~]+)~~|\[([^\]]+)\]\((https?:[^)\s]+)\)/g;

function spans(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(SPAN)) {
    if (found.index > end) nodes.push(text.slice(end, found.index));
    const [all, code, bold, starred, low, struck, label, url] = found;
    end = found.index + all.length;
    if (code) nodes.push(h("code", {}, code));
    else if (bold) nodes.push(h("strong", {}, spans(bold)));
    else if (starred ?? low) nodes.push(h("em", {}, spans(starred ?? low)));
    else if (struck) nodes.push(h("s", {}, spans(struck)));
    else nodes.push(h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, label));
  }
  return [...nodes, text.slice(end)];
}

const cells = (line) => line.replace(/^\s*\||\|\s*$/g, "").split("|").map((cell) => cell.trim());

export function markdown(text) {
  const lines = text.split("\n");
  const nodes = [];
  const while_ = (test, change) => {
    const taken = [];
    while (lines.length && test(lines[0])) taken.push(change(lines.shift()));
    return taken;
  };
  while (lines.length) {
    const line = lines[0];
    const heading = /^(#{1,6})\s+(.*)/.exec(line);
    if (!line.trim()) lines.shift();
    else if (line.startsWith("```")) {
      lines.shift();
      const code = while_((each) => !each.startsWith("```"), (each) => each);
      lines.shift();
      nodes.push(h("pre", {}, code.join("\n")));
    } else if (heading) { lines.shift(); nodes.push(h(`h${Math.min(heading[1].length + 2, 6)}`, {}, spans(heading[2]))); }
    else if (/^\s*(---+|\*\*\*+)\s*$/.test(line)) { lines.shift(); nodes.push(h("hr")); }
    else if (/^\s*[-*+]\s/.test(line)) nodes.push(h("ul", {}, while_((each) => /^\s*[-*+]\s/.test(each), (each) => h("li", {}, spans(each.replace(/^\s*[-*+]\s/, ""))))));
    else if (/^\s*\d+[.)]\s/.test(line)) nodes.push(h("ol", {}, while_((each) => /^\s*\d+[.)]\s/.test(each), (each) => h("li", {}, spans(each.replace(/^\s*\d+[.)]\s/, ""))))));
    else if (line.startsWith(">")) nodes.push(h("blockquote", {}, while_((each) => each.startsWith(">"), (each) => h("div", {}, spans(each.replace(/^>\s?/, ""))))));
    else if (line.includes("|") && /^\s*\|?[\s:|-]+\|?\s*$/.test(lines[1] ?? "")) {
      const head = cells(lines.shift());
      lines.shift();
      const rows = while_((each) => each.includes("|"), cells);
      nodes.push(h("div", { class: "table" }, h("table", {}, h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, spans(cell))))), h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, spans(cell)))))))));
    } else nodes.push(h("p", {}, while_((each) => each.trim() && !/^(#|```|>|\s*[-*+]\s|\s*\d+[.)]\s)/.test(each), (each) => [...spans(each), " "]).flat()));
  }
  return nodes;
}
