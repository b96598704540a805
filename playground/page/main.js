// Put the page together, and draw again what an event touches.

import { blocks } from "./blocks.js";
import { composer } from "./composer.js";
import { announce, byId, h } from "./dom.js";
import { isReply, messageList } from "./messages.js";
import { drawModals } from "./modal.js";
import { surface } from "./surface.js";
import { openSwitcher } from "./switcher.js";
import { connect, go, me, onChange, state } from "./store.js";
import { drawTools, toggleTools } from "./tools.js";

function drawSidebar() {
  const who = h("select", { id: "who", "aria-label": "You are", onchange: (event) => { state.channel = ""; state.tab = "messages"; connect(event.target.value); } },
    state.users.filter((each) => !each.is_bot).map((each) => h("option", { value: each.id, selected: each.id === state.me }, each.real_name)));
  const link = (each, label, tab = "messages") => h("li", {}, h("button", { type: "button", class: "place", "aria-current": state.channel === each.id && state.tab === tab ? "page" : undefined, onclick: () => { document.body.classList.remove("menu-open"); go(each.id, tab); } }, label, state.unread[each.id] && tab === "messages" ? h("span", { class: "unread" }, String(state.unread[each.id])) : null));
  const channels = state.conversations.filter((each) => each.kind !== "app");
  const app = state.conversations.find((each) => each.kind === "app");
  byId("sidebar").replaceChildren(
    h("h1", {}, state.team?.name ?? "Playground"),
    h("label", { class: "who" }, "You are", who),
    h("p", { class: "zone" }, me().tz),
    h("h2", {}, "Channels"), h("ul", {}, channels.map((each) => link(each, `${each.kind === "private" ? "◆" : "#"} ${each.name}`))),
    h("h2", {}, "Apps"), h("ul", {}, app ? [state.app.home_enabled ? link(app, `${app.name} · Home`, "home") : null, link(app, `${app.name} · Messages`)] : []),
    h("p", { class: `connected ${state.app.connected || state.app.mode === "http" ? "yes" : "no"}` }, state.app.mode === "http" ? "The app answers over HTTP" : state.app.connected ? "● app connected" : "○ waiting for the app"),
    h("div", { class: "tools" }, h("button", { type: "button", class: "place", onclick: () => toggleTools("inspector") }, "Inspector"), h("button", { type: "button", class: "place", onclick: () => toggleTools("workspace") }, "Clock and faults"), h("button", { type: "button", class: "place", onclick: theme }, "Light or dark"), h("button", { type: "button", class: "place", onclick: openSwitcher }, "Jump to… (Ctrl+K)")));
}

function drawMain() {
  const conversation = state.conversations.find((each) => each.id === state.channel);
  if (!conversation) return;
  const menu = h("button", { type: "button", class: "plain menu-button", "aria-label": "Channels", onclick: () => document.body.classList.toggle("menu-open") }, "☰");
  const title = h("header", { class: "top" }, menu, h("h2", {}, conversation.kind === "channel" ? `# ${conversation.name}` : conversation.name), h("span", { class: "topic" }, conversation.topic));
  document.title = `${conversation.name} · ${state.team.name}`;
  if (state.tab === "home") {
    byId("main").replaceChildren(title, h("div", { class: "messages home", tabindex: "0" }, state.home ? blocks(state.home.blocks, surface({ type: "view", view_id: state.home.id })) : h("p", { class: "empty" }, "The app has not published its Home for you yet.")));
    return;
  }
  byId("main").replaceChildren(title, messageList(state.channel), composer(state.channel));
  toEnd();
  byId("main").querySelector("textarea").focus({ preventScroll: true });
}

// A message taller than the page is read from its top.
function toEnd() {
  const list = byId("main").querySelector(".messages");
  list.scrollTop = list.scrollHeight;
  const last = list.lastElementChild;
  if (last && last.offsetHeight > list.clientHeight) list.scrollTop = last.offsetTop - list.offsetTop;
}

function redrawMessages(event) {
  if (state.tab === "home") return;
  const old = byId("main").querySelector(".messages");
  if (!old) return drawMain();
  const { scrollTop } = old;
  const isNew = event.type === "message" && !isReply(event.message) && old.querySelector(`[data-ts="${event.message.ts}"]`) === null;
  const fresh = messageList(state.channel);
  old.replaceWith(fresh);
  if (isNew) {
    toEnd();
    announce("New message");
  } else fresh.scrollTop = scrollTop;
}

function theme() {
  const dark = document.documentElement.dataset.theme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "k") { event.preventDefault(); openSwitcher(); }
});

onChange((event) => {
  switch (event.type) {
    case "snapshot": drawSidebar(); drawMain(); drawModals(); drawTools(); break;
    case "place": drawSidebar(); drawMain(); drawTools(); break;
    case "thread": drawTools(); break;
    case "message": case "message_removed":
      if ((event.message?.channel ?? event.channel) === state.channel) {
        redrawMessages(event);
        if (state.thread) drawTools();
      }
      else drawSidebar();
      break;
    case "views": drawModals(); break;
    case "home": if (state.tab === "home") drawMain(); break;
    case "app": drawSidebar(); break;
    case "log": case "clock": case "quiet": drawTools(); break;
  }
});

const chosen = localStorage.getItem("theme");
if (chosen) document.documentElement.dataset.theme = chosen;
const [person, channel, tab] = location.hash.slice(1).split("/");
state.channel = channel ?? "";
state.tab = tab ?? "messages";
connect(person || "U0COORD");
