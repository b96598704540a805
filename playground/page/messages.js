// A conversation: its messages, oldest first.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { act, me, state, user } from "./store.js";

const surface = (message) => ({
  press: (action) => act("action", { container: { type: "message", channel: message.channel, ts: message.ts }, action }),
});

export function avatar(person) {
  const initials = person.real_name.split(" ").map((word) => word[0]).slice(0, 2).join("");
  const hue = [...person.id].reduce((sum, letter) => sum + letter.charCodeAt(0) * 7, 0) % 6;
  return h("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, person.is_bot ? "✓" : initials);
}

function drawn(message) {
  const author = user(message.user);
  const at = new Date(Number(message.ts.split(".")[0]) * 1000);
  const time = new Intl.DateTimeFormat("en", { timeZone: me().tz, timeStyle: "short" }).format(at);
  const body = message.blocks?.length ? blocks(message.blocks, surface(message)) : [h("div", { class: "block" }, ...mrkdwn(message.text))];
  return h("article", { class: `message${message.ephemeral ? " ephemeral" : ""}`, "data-ts": message.ts, "aria-label": `${author.real_name}, ${time}` },
    avatar(author),
    h("div", { class: "message-body" },
      message.ephemeral ? h("p", { class: "only-you" }, "Only visible to you") : null,
      h("p", { class: "byline" }, h("strong", {}, author.real_name), author.is_bot ? h("span", { class: "badge" }, "APP") : null, h("time", { datetime: at.toISOString() }, time), message.edited ? h("span", { class: "edited" }, "(edited)") : null),
      ...body));
}

export function messageList(channel) {
  const list = state.messages[channel] ?? [];
  const log = h("div", { class: "messages", role: "log", "aria-label": "Messages", tabindex: "0" });
  if (!list.length) {
    const command = state.app.commands[0]?.command;
    log.append(h("div", { class: "empty" }, h("p", {}, "Nothing here yet."), command ? h("p", {}, "Type ", h("kbd", {}, "/"), " to see what ", state.app.name, " can do, for example ", h("code", {}, `${command} ${state.app.commands[0].usage_hint?.split("|")[0].trim() ?? ""}`), ".") : null));
  }
  log.append(...list.map(drawn));
  return log;
}
