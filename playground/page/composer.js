// Where people type. A line that starts with / goes to the app.

import { announce, h, notice } from "./dom.js";
import { escaped } from "./messages.js";
import { act, state } from "./store.js";

const drafts = {};

export function composer(channel, thread = "") {
  const listId = thread ? "thread-commands" : "commands";
  const place = `${channel}/${thread}`;
  const input = h("textarea", { rows: "1", "aria-label": "Message", role: "combobox", "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list", placeholder: thread ? "Reply" : "Message, or / for a command" });
  const list = h("ul", { id: listId, class: "commands", role: "listbox", "aria-label": "Commands", hidden: true });
  input.value = drafts[place] ?? "";

  let offered = []; // Each with what taking it does.
  let at = 0; // The one that Enter and Tab take.
  const mark = (place) => {
    at = place;
    offered.forEach(({ node }, nth) => node.setAttribute("aria-selected", String(nth === at)));
    offered[at]?.node.scrollIntoView({ block: "nearest" });
    if (offered.length) input.setAttribute("aria-activedescendant", offered[at].node.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const option = (nth, does, ...told) => ({ does, node: h("li", { role: "option", id: `${listId}-${nth}`, onmousedown: (event) => { event.preventDefault(); does(); } }, ...told) });
  const offer = () => {
    drafts[place] = input.value;
    const word = input.value.toLowerCase();
    const wanted = !thread && word.startsWith("/") && !word.includes(" "); // Slack has no commands in threads.
    const commands = wanted ? state.app.commands.filter((each) => each.command.startsWith(word)) : [];
    const shortcuts = wanted ? state.app.shortcuts.filter((each) => each.type === "global" && each.name.toLowerCase().includes(word.slice(1))) : [];
    offered = [
      ...commands.map((each, nth) => option(nth, () => take(each), h("strong", {}, each.command), " ", h("span", { class: "usage" }, each.usage_hint ?? ""), h("small", {}, each.description ?? ""))),
      ...shortcuts.map((each, nth) => option(commands.length + nth, () => start(each), h("strong", {}, each.name), h("small", {}, each.description ?? ""))),
    ];
    list.replaceChildren(...offered.map(({ node }) => node));
    hide(!offered.length);
    mark(0);
  };
  const hide = (hidden) => {
    list.hidden = hidden;
    input.setAttribute("aria-expanded", String(!hidden));
    if (hidden) input.removeAttribute("aria-activedescendant");
  };
  const start = (shortcut) => {
    input.value = "";
    offer();
    act("shortcut", { callback_id: shortcut.callback_id });
  };
  const take = (command) => {
    input.value = `${command.command} `;
    offer();
    input.focus();
  };
  const send = async () => {
    const typed = input.value.trim();
    if (!typed) return;
    input.value = "";
    offer();
    notice("");
    const answer = typed.startsWith("/") && !thread
      ? await act("slash", { channel, command: typed.split(/\s/)[0], text: typed.replace(/^\S+\s*/, "") })
      : await act("say", { channel, text: escaped(typed), thread_ts: thread });
    if (!answer.ok && !input.value) { input.value = typed; offer(); }
    else announce("Sent");
  };
  input.addEventListener("input", offer);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (open && step) { event.preventDefault(); mark((at + step + offered.length) % offered.length); }
    else if (open && event.key === "Tab" && !event.shiftKey) { event.preventDefault(); offered[at].does(); }
    else if (event.key === "Escape") hide(true);
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const whole = state.app.commands.some((each) => each.command === input.value.split(" ")[0]);
      if (open && !(whole && at === 0)) offered[at].does();
      else send();
    }
  });
  return h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); send(); } }, list, input, h("button", { class: "button primary", "aria-label": "Send" }, "➤"));
}
