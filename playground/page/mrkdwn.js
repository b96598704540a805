// Slack's mrkdwn as nodes.

import { h } from "./dom.js";
import { me, state, user } from "./store.js";

const EMOJI = { white_check_mark: "✅", warning: "⚠️", lock: "🔒", tada: "🎉", wave: "👋", eyes: "👀", "+1": "👍", x: "❌" };
const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function plain(text) {
  return [...lines(unescape(text).replace(/:([a-z0-9_+-]+):/g, (all, name) => EMOJI[name] ?? all))];
}

function* lines(text) {
  for (const [place, line] of text.split("\n").entries()) {
    if (place) yield h("br");
    yield document.createTextNode(line);
  }
}

export function mrkdwn(text) {
  const nodes = [];
  for (const [place, part] of text.split(/```/).entries()) {
    if (place % 2) nodes.push(h("pre", {}, unescape(part.replace(/^\n/, ""))));
    else nodes.push(...paragraphs(part));
  }
  return nodes;
}

function paragraphs(text) {
  const nodes = [];
  let quoted = null;
  let first = true;
  for (const line of text.split("\n")) {
    const quote = /^(?:>|&gt;) ?(?=.)/.exec(line);
    if (quote) {
      if (!quoted) nodes.push((quoted = h("blockquote", { dir: "auto" })));
      else quoted.append(h("br"));
      quoted.append(...spans(line.slice(quote[0].length)));
    } else {
      if (!first && !quoted) nodes.push(h("br"));
      nodes.push(...spans(line));
      quoted = null;
    }
    first = false;
  }
  return nodes;
}

const TOKEN = /<([^<>\n]+)>|`([^`\n]+)`|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])|:([a-z0-9_+-]+):/g;

function* spans(text) {
  let end = 0;
  for (const found of text.matchAll(TOKEN)) {
    if (found.index > end) yield document.createTextNode(unescape(text.slice(end, found.index)));
    const [all, link, code, bold, italic, strike, emoji] = found;
    end = found.index + all.length;
    if (link) yield reference(link);
    else if (code) yield h("code", {}, unescape(code));
    else if (bold) yield h("strong", {}, ...spans(bold));
    else if (italic) yield h("em", {}, ...spans(italic));
    else if (strike) yield h("s", {}, ...spans(strike));
    else yield document.createTextNode(EMOJI[emoji] ?? all);
  }
  if (end < text.length) yield document.createTextNode(unescape(text.slice(end)));
}

export function reference(link) {
  const [target, label] = link.split("|");
  if (target.startsWith("@")) return h("span", { class: "mention" }, `@${user(target.slice(1)).real_name}`);
  if (target.startsWith("#")) return h("span", { class: "mention" }, `#${state.conversations.find((each) => each.id === target.slice(1))?.name ?? label ?? "private"}`);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return h("span", { class: "mention" }, `@${label ?? target.slice(1).split("^").pop()}`);
  if (/^(https?|mailto):/.test(target)) return h("a", { href: unescape(target), target: "_blank", rel: "noreferrer noopener" }, unescape(label ?? target));
  return document.createTextNode(unescape(label ?? target));
}

function date(target, fallback) {
  const [, seconds, format] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  const shown = (options) => new Intl.DateTimeFormat("en", { timeZone: me().tz, ...options }).format(at);
  const long = { year: "numeric", month: "long", day: "numeric" };
  const short = { ...long, month: "short" };
  const tokens = {
    "{date_num}": () => shown({ year: "numeric", month: "2-digit", day: "2-digit" }),
    "{date_short_pretty}": () => shown(short), "{date_long_pretty}": () => shown({ ...long, weekday: "long" }), "{date_pretty}": () => shown(long),
    "{date_short}": () => shown(short), "{date_long}": () => shown({ ...long, weekday: "long" }), "{date}": () => shown(long),
    "{time_secs}": () => shown({ timeStyle: "medium" }), "{time}": () => shown({ timeStyle: "short" }),
  };
  let text = format ?? fallback ?? "";
  for (const [token, make] of Object.entries(tokens)) if (text.includes(token)) text = text.replaceAll(token, make());
  return h("time", { datetime: at.toISOString() }, text);
}

export function text(object) {
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text);
}
