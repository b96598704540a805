// Messages, oldest first: a conversation's, or a thread's.

import { blocks } from "./blocks.js";
import { ask } from "./dialog.js";
import { announce, h } from "./dom.js";
import { menu } from "./menu.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { act, me, openThread, state, user } from "./store.js";
import { surface } from "./surface.js";

const REACTIONS = ["white_check_mark", "eyes", "tada", "+1"];
const kept = new Map(); // What was filled in survives the drawing anew.

export function avatar(person) {
  const initials = person.real_name.split(" ").map((word) => word[0]).slice(0, 2).join("");
  const hue = [...person.id].reduce((sum, letter) => sum + letter.charCodeAt(0) * 7, 0) % 6;
  return h("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, person.is_bot ? "✓" : initials);
}

export const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;
export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

async function edit(message) {
  const field = h("textarea", { rows: "4", "aria-label": "Message" });
  field.value = message.text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  if (await ask({ title: "Edit message", confirm: "Save", field }) && field.value.trim()) act("edit_message", { channel: message.channel, ts: message.ts, text: escaped(field.value.trim()) });
}

async function remove(message) {
  if (await ask({ title: "Delete message", body: ["This cannot be undone."], confirm: "Delete", danger: true })) act("delete_message", { channel: message.channel, ts: message.ts });
}

function actionsOn(message, inThread) {
  const place = { channel: message.channel, ts: message.ts };
  const react = (name) => act("react", { ...place, name });
  const items = [];
  if (!message.ephemeral) {
    if (!inThread) items.push(["Reply in thread", () => openThread(message.thread_ts ?? message.ts)]);
    for (const name of REACTIONS) items.push([["React with ", ...plain(`:${name}:`)], () => react(name)]);
    for (const shortcut of state.app.shortcuts.filter((each) => each.type === "message")) items.push([shortcut.name, () => act("shortcut", { callback_id: shortcut.callback_id, ...place })]);
    if (message.user === state.me) items.push(["Edit message", () => edit(message)], ["Delete message", () => remove(message)]);
  }
  items.push(["Copy payload", async () => { await navigator.clipboard.writeText(JSON.stringify(message, null, 2)); announce("Copied"); }]);
  return menu("Message actions", items);
}

function below(message, inThread) {
  const files = (message.files ?? []).map((file) => h("a", { class: "file", href: `/files/${file.id}`, download: file.name }, `📄 ${file.title}`));
  const reactions = (message.reactions ?? []).map((each) => h("button", { type: "button", class: "reaction", "aria-pressed": String(each.users.includes(state.me)), "aria-label": `${each.name}, ${each.count}`, onclick: () => act("react", { channel: message.channel, ts: message.ts, name: each.name }) }, ...plain(`:${each.name}:`), ` ${each.count}`));
  const replies = !inThread && message.reply_count ? h("button", { type: "button", class: "replies", onclick: () => openThread(message.ts) }, `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`) : null;
  return [...files, reactions.length ? h("div", { class: "reactions" }, reactions) : null, replies];
}

function drawn(message, inThread) {
  const author = user(message.user);
  const at = new Date(Number(message.ts.split(".")[0]) * 1000);
  const time = new Intl.DateTimeFormat("en", { timeZone: me().tz, timeStyle: "short" }).format(at);
  const where = surface({ type: "message", channel: message.channel, ts: message.ts }, kept);
  const body = message.blocks?.length ? blocks(message.blocks, where) : [h("div", { class: "block" }, ...mrkdwn(message.text))];
  return h("article", { class: `message${message.ephemeral ? " ephemeral" : ""}`, "data-ts": message.ts, "aria-label": `${author.real_name}, ${time}` },
    avatar(author),
    h("div", { class: "message-body" },
      message.ephemeral ? h("p", { class: "only-you" }, "Only visible to you") : null,
      h("p", { class: "byline" }, h("strong", {}, author.real_name), author.is_bot ? h("span", { class: "badge" }, "APP") : null, h("time", { datetime: at.toISOString() }, time), message.edited ? h("span", { class: "edited" }, "(edited)") : null),
      ...body, ...below(message, inThread)),
    actionsOn(message, inThread));
}

export function messageList(channel) {
  const list = (state.messages[channel] ?? []).filter((each) => !isReply(each) || each.broadcast);
  const log = h("div", { class: "messages", role: "log", "aria-label": "Messages", tabindex: "0" });
  if (!list.length) {
    const command = state.app.commands[0]?.command;
    log.append(h("div", { class: "empty" }, h("p", {}, "Nothing here yet."), command ? h("p", {}, "Type ", h("kbd", {}, "/"), " to see what ", state.app.name, " can do, for example ", h("code", {}, `${command} ${state.app.commands[0].usage_hint?.split("|")[0].trim() ?? ""}`), ".") : null));
  }
  log.append(...list.map((message) => drawn(message, false)));
  return log;
}

export function threadList(channel, thread) {
  const list = (state.messages[channel] ?? []).filter((each) => each.ts === thread || each.thread_ts === thread);
  return h("div", { class: "thread", role: "log", "aria-label": "Thread", tabindex: "0" }, list.map((message) => drawn(message, true)));
}
