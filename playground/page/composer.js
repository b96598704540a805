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

  const offer = () => {
    drafts[place] = input.value;
    const word = input.value.split(" ")[0];
    const wanted = !thread && input.value.startsWith("/") && !input.value.includes(" "); // Slack has no commands in threads.
    const found = wanted ? state.app.commands.filter((each) => each.command.startsWith(word)) : [];
    list.replaceChildren(...found.map((each) => h("li", { role: "option", "aria-selected": "true", onmousedown: (event) => { event.preventDefault(); take(each); } },
      h("strong", {}, each.command), " ", h("span", { class: "usage" }, each.usage_hint ?? ""), h("small", {}, each.description ?? ""))));
    const shortcuts = wanted ? state.app.shortcuts.filter((each) => each.type === "global") : [];
    list.append(...shortcuts.map((each) => h("li", { role: "option", onmousedown: (event) => { event.preventDefault(); input.value = ""; offer(); act("shortcut", { callback_id: each.callback_id }); } }, h("strong", {}, each.name), h("small", {}, each.description ?? ""))));
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
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
    const first = state.app.commands.find((each) => each.command.startsWith(input.value.split(" ")[0]));
    if (event.key === "Tab" && !list.hidden && first) { event.preventDefault(); take(first); }
    else if (event.key === "Escape") { list.hidden = true; input.setAttribute("aria-expanded", "false"); }
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const whole = state.app.commands.some((each) => each.command === input.value.split(" ")[0]);
      if (!list.hidden && first && !whole) take(first);
      else send();
    }
  });
  return h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); send(); } }, list, input, h("button", { class: "button primary", "aria-label": "Send" }, "➤"));
}
