// Charts as SVG, with their numbers as a table for those who cannot see the drawing.

import { h } from "./dom.js";

const WIDEST = 576; // Pixels. Drawn at the size it is shown in, so that its words are never scaled.
const NARROWEST = 240;
const PLOT = 196; // Pixels of height above the names of the categories.
const LEFT = 56;
const LETTER = 6.6; // Pixels, about: what decides whether names stand side by side.
const LONGEST = 12; // Letters of a name that had to be slanted; all of it is in the table.
const NS = "http://www.w3.org/2000/svg";

function s(tag, attributes = {}, ...children) {
  const node = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.flat());
  return node;
}

const hue = (place) => `series-${place % 6}`;

export function chart(block) {
  const found = block.chart;
  const names = found.type === "pie" ? found.segments.map((each) => each.label) : found.series.map((each) => each.name);
  const legend = names.length > 1 ? h("ul", { class: "legend" }, names.map((name, place) => h("li", {}, h("span", { class: `swatch ${hue(place)}`, "aria-hidden": "true" }), name))) : null;
  return h("figure", { class: "block chart" }, h("figcaption", {}, block.title), found.type === "pie" ? pie(found) : axes(found), legend, h("details", {}, h("summary", {}, "Show the numbers"), numbers(found)));
}

function numbers(found) {
  if (found.type === "pie") return grid(["", "Value"], found.segments.map((each) => [each.label, each.value]));
  const categories = found.axis_config.categories;
  const at = (series, category) => series.data.find((point) => point.label === category)?.value ?? "";
  return grid([found.axis_config.x_label ?? "", ...found.series.map((each) => each.name)], categories.map((category) => [category, ...found.series.map((each) => at(each, category))]));
}

function grid(head, rows) {
  return h("div", { class: "table" }, h("table", {}, h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, cell)))), h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first), rest.map((cell) => h("td", { class: "align-right" }, String(cell))))))));
}

function steps(least, most) {
  const rough = (most - least) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const found = [];
  for (let at = Math.floor(least / step) * step; at < most + step; at += step) found.push(at);
  return found;
}

function axes(found) {
  const box = h("div", { class: "drawing" });
  let drawn = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, entry.contentRect.width)));
    if (width === drawn) return;
    drawn = width;
    box.replaceChildren(drawAxes(found, width));
  }).observe(box);
  return box;
}

function drawAxes(found, width) {
  const { categories, x_label: x, y_label: y } = found.axis_config;
  const values = found.series.flatMap((series) => series.data.map((point) => point.value));
  const ticks = steps(Math.min(0, ...values), Math.max(...values));
  const [least, most] = [ticks[0], ticks.at(-1)];
  const room = (width - LEFT - 8) / categories.length;
  const slanted = Math.max(...categories.map((each) => each.length)) * LETTER > room - 4;
  const floor = PLOT;
  const height = floor + (slanted ? 76 : 26) + (x ? 20 : 4);
  const up = (value) => 12 + (floor - 12) * (1 - (value - least) / (most - least));
  const middle = (place) => LEFT + room * (place + 0.5);
  const drawing = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": "Chart; its numbers follow" });
  for (const tick of ticks) {
    drawing.append(s("line", { x1: LEFT, x2: width - 8, y1: up(tick), y2: up(tick), class: "gridline" }), s("text", { x: LEFT - 6, y: up(tick) + 4, "text-anchor": "end" }, String(Number(tick.toFixed(6)))));
  }
  categories.forEach((category, place) => {
    const [at, y] = [middle(place), floor + (slanted ? 12 : 18)];
    const short = slanted && category.length > LONGEST ? `${category.slice(0, 6)}…${category.slice(-5)}` : category;
    drawing.append(s("text", slanted ? { x: at, y, "text-anchor": "end", transform: `rotate(-42 ${at} ${y})` } : { x: at, y, "text-anchor": "middle" }, short));
  });
  if (x) drawing.append(s("text", { x: LEFT + (width - LEFT) / 2, y: height - 6, "text-anchor": "middle", class: "axis" }, x));
  if (y) drawing.append(s("text", { x: -floor / 2, y: 12, "text-anchor": "middle", transform: "rotate(-90)", class: "axis" }, y));
  const value = (series, category) => series.data.find((point) => point.label === category)?.value ?? 0;
  found.series.forEach((series, nth) => {
    const points = categories.map((category, place) => [middle(place), up(value(series, category))]);
    if (found.type === "bar") {
      const width = Math.min(46, (room * 0.8) / found.series.length);
      points.forEach(([at, top], place) => {
        const height = Math.abs(up(0) - top);
        drawing.append(s("rect", { x: at - (width * found.series.length) / 2 + nth * width, y: Math.min(top, up(0)), width: width - 2, height, class: hue(nth) }, s("title", {}, `${series.name}, ${categories[place]}: ${value(series, categories[place])}`)));
      });
      return;
    }
    const path = points.map((point) => point.join(",")).join(" ");
    if (found.type === "area") drawing.append(s("polygon", { points: `${points[0][0]},${up(0)} ${path} ${points.at(-1)[0]},${up(0)}`, class: `${hue(nth)} layer` }));
    drawing.append(s("polyline", { points: path, class: `${hue(nth)} stroke` }), ...points.map(([cx, cy]) => s("circle", { cx, cy, r: 4, class: hue(nth) })));
  });
  return drawing;
}

function pie(found) {
  const all = found.segments.reduce((sum, each) => sum + each.value, 0);
  const drawing = s("svg", { viewBox: "-110 -110 220 220", role: "img", "aria-label": "Chart; its numbers follow", class: "pie" });
  let turned = 0;
  found.segments.forEach((segment, place) => {
    const share = segment.value / all;
    const [from, to] = [turned, turned + share].map((part) => part * 2 * Math.PI - Math.PI / 2);
    turned += share;
    const title = s("title", {}, `${segment.label}: ${segment.value}`);
    if (share === 1) drawing.append(s("circle", { r: 100, class: hue(place) }, title));
    else drawing.append(s("path", { d: `M0 0 L${100 * Math.cos(from)} ${100 * Math.sin(from)} A100 100 0 ${share > 0.5 ? 1 : 0} 1 ${100 * Math.cos(to)} ${100 * Math.sin(to)} Z`, class: hue(place) }, title));
  });
  return drawing;
}
