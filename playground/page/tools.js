// The drawer: what went to the app and came back, the clock, and faults on request.

import { composer } from "./composer.js";
import { ask } from "./dialog.js";
import { announce, byId, h, notice } from "./dom.js";
import { threadList } from "./messages.js";
import { act, me, now, openThread, state, user } from "./store.js";

let open = "";
const unfolded = new Set(); // Entries of the inspector, by id: a new one must not fold them.
const fault = { method: "", times: "1", seconds: "0", whose: "" }; // As it was typed: the clock redraws the drawer.

export function toggleTools(name) {
  state.thread = "";
  open = open === name ? "" : name;
  drawTools();
}

export function drawTools() {
  const drawer = byId("drawer");
  if (state.thread) open = "";
  drawer.hidden = !open && !state.thread;
  if (state.thread) {
    const list = threadList(state.channel, state.thread);
    const close = h("button", { type: "button", class: "plain", "aria-label": "Close the thread", onclick: () => openThread("") }, "×");
    const typing = drawer.querySelector("textarea") === document.activeElement;
    drawer.replaceChildren(h("header", {}, h("h2", {}, "Thread"), close), list, composer(state.channel, state.thread));
    list.scrollTop = list.scrollHeight;
    if (typing || drawer.dataset.thread !== state.thread) drawer.querySelector("textarea").focus();
  }
  drawer.dataset.thread = state.thread;
  const { scrollTop } = drawer;
  if (open === "inspector") drawer.replaceChildren(head("Inspector"), ...inspector());
  if (open === "workspace") {
    const controls = () => [...drawer.querySelectorAll("button, input, select")];
    const focused = controls().indexOf(document.activeElement); // Drawn anew, the focus stays where it was.
    drawer.replaceChildren(head("Workspace"), ...workspace());
    if (focused >= 0) controls()[focused].focus({ preventScroll: true });
  }
  if (open) drawer.scrollTop = scrollTop;
}

const head = (title) => h("header", {}, h("h2", {}, title), h("button", { type: "button", class: "plain", "aria-label": `Close ${title}`, onclick: () => toggleTools(open) }, "×"));

function inspector() {
  if (!state.log.length) return [h("p", { class: "empty" }, "Nothing has been sent yet.")];
  return state.log.toReversed().map((entry) => {
    const json = JSON.stringify({ payload: entry.payload, answer: entry.answer }, null, 2);
    const keep = (event) => unfolded[event.target.open ? "add" : "delete"](entry.id);
    return h("details", { class: `entry ${entry.status}`, open: unfolded.has(entry.id), ontoggle: keep },
      h("summary", {}, h("span", { "aria-label": entry.direction === "to_app" ? "to the app" : "from the app" }, entry.direction === "to_app" ? "→" : "←"), ` ${entry.name} `, h("small", {}, `${entry.error ?? entry.status} · ${entry.ms} ms`)),
      (entry.problems ?? []).map((problem) => h("p", { class: "error" }, problem)),
      h("button", { type: "button", class: "button", onclick: (event) => copy(event.target, json) }, "Copy"),
      h("pre", {}, json));
  });
}

async function copy(button, json) {
  await navigator.clipboard.writeText(json);
  button.textContent = "Copied";
  announce("Copied");
}

const shown = (time, who, dateStyle) => `${new Intl.DateTimeFormat("en", { timeZone: who.tz, dateStyle, timeStyle: "short" }).format(time)} (${who.tz})`;

function hours() {
  const who = user(fault.whose || state.me);
  const ends = new Date((state.quiet[who.id]?.[1] ?? 0) * 1000);
  const whose = h("select", { onchange: (event) => { fault.whose = event.target.value; drawTools(); } }, state.users.filter((each) => !each.is_bot).map((each) => h("option", { value: each.id, selected: each.id === who.id }, each.real_name)));
  const hush = (label, asked) => h("button", { type: "button", class: "button", onclick: () => act("quiet", { whom: who.id, ...asked }) }, label);
  return [
    h("h3", {}, "Do not disturb"), h("div", { class: "actions" }, h("label", {}, "Person", whose)),
    h("p", { role: "status" }, ends > now() ? `Not disturbed until ${shown(ends, who, "medium")}` : "Can be disturbed"),
    h("div", { class: "actions" }, hush("For 1 hour", { hours: 1 }), hush("Until tomorrow 09:00", { tomorrow_at: "09:00" }), hush("Disturb again", { hours: 0 })),
  ];
}

function workspace() {
  const move = (label, asked) => h("button", { type: "button", class: "button", onclick: () => act("clock", asked) }, label);
  const field = (name, attributes) => h("input", { ...attributes, value: fault[name], oninput: (event) => { fault[name] = event.target.value; } });
  const method = field("method", { type: "text", placeholder: "any, or users.info" });
  const seconds = field("seconds", { type: "number", min: "0", max: "60" });
  const times = field("times", { type: "number", min: "1", max: "100" });
  const set = (label, kind) => h("button", { type: "button", class: "button", onclick: async () => (await act("fault", { kind, ...fault })).ok && notice(`${label}: set.`) }, label);
  const whom = h("select", { onchange: (event) => { fault.whom = event.target.value; } }, state.users.filter((each) => !each.is_bot).map((each) => h("option", { value: each.id, selected: each.id === fault.whom }, each.real_name)), state.conversations.filter((each) => each.kind !== "app").map((each) => h("option", { value: each.id, selected: each.id === fault.whom }, `#${each.name}`)));
  const trouble = (label, kind, on, off) => h("button", { type: "button", class: "button", onclick: async () => { const answer = await act("fault", { kind, whom: whom.value }); if (answer.ok) notice(answer.on ? on : off); } }, label);
  return [
    h("h3", {}, "Clock"), h("p", {}, shown(now(), me(), "full")),
    h("div", { class: "actions" }, move("+15 minutes", { advance_seconds: 900 }), move("+1 hour", { advance_seconds: 3600 }), move("Tomorrow 09:00", { tomorrow_at: "09:00" })),
    ...hours(),
    h("h3", {}, "Faults"), h("p", {}, "What the app's next calls or connections meet."), h("div", { class: "actions fields" }, h("label", {}, "Method", method), h("label", {}, "Times", times), h("label", {}, "Seconds", seconds)),
    h("div", { class: "actions" }, set("Rate limit", "rate_limited"), set("Server error", "server_error"), set("Lost answer", "lost_answer"), set("Lost request", "lost_request"), set("Late answer", "late"), set("Deliver twice", "deliver_twice"), set("Drop the socket", "drop_socket"), set("Refresh the socket", "refresh_socket")),
    h("h3", {}, "Out of reach"), h("p", {}, "What lasts until you press again."), h("div", { class: "actions" }, h("label", {}, "Person or channel", whom)),
    h("div", { class: "actions" }, trouble("Deactivate", "deactivated", "Deactivated.", "Active again."), trouble("Close the DM", "dm_closed", "The app cannot write to them.", "The app can write to them again."), trouble("Archive", "archived", "Archived.", "Open again."), trouble("Remove the app", "app_removed", "The app is removed.", "The app is back."), trouble("Revoke the token", "token_revoked", "The app's token is revoked.", "The app's token works again."), trouble("One message a second", "paced", "Slack's pace holds now.", "No pace is held.")),
    h("h3", {}, "Start afresh"),
    h("button", { type: "button", class: "button danger", onclick: async () => (await ask({ title: "Reset the workspace?", body: ["All messages and windows go."], confirm: "Reset", danger: true })) && act("reset") }, "Reset the workspace"),
  ];
}
