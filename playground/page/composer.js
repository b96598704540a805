// Where people type. A line that starts with / goes to the app.

import { announce, h, notice } from "./dom.js";
import { act, state } from "./store.js";

const drafts = {};

export function composer(channel) {
  const input = h("textarea", { rows: "1", "aria-label": "Message", role: "combobox", "aria-expanded": "false", "aria-controls": "commands", "aria-autocomplete": "list", placeholder: "Message, or / for a command" });
  const list = h("ul", { id: "commands", role: "listbox", "aria-label": "Commands", hidden: true });
  input.value = drafts[channel] ?? "";

  const offer = () => {
    drafts[channel] = input.value;
    const word = input.value.split(" ")[0];
    const wanted = input.value.startsWith("/") && !input.value.includes(" ");
    const found = wanted ? state.app.commands.filter((each) => each.command.startsWith(word)) : [];
    list.replaceChildren(...found.map((each) => h("li", { role: "option", "aria-selected": "true", onmousedown: (event) => { event.preventDefault(); take(each); } },
      h("strong", {}, each.command), " ", h("span", { class: "usage" }, each.usage_hint ?? ""), h("small", {}, each.description ?? ""))));
    list.hidden = !found.length;
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
    const answer = typed.startsWith("/")
      ? await act("slash", { channel, command: typed.split(/\s/)[0], text: typed.replace(/^\S+\s*/, "") })
      : await act("say", { channel, text: typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") });
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
