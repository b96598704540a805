// What the server has told, and how to ask it for something. One person at a time.

import { notice } from "./dom.js";

export const state = { me: "U0COORD", channel: "", tab: "messages", users: [], conversations: [], messages: {}, views: [], home: null, log: [], thread: "", app: { commands: [], shortcuts: [] }, clock: { offset: 0 }, quiet: {}, unread: {} };

const listeners = [];
export const onChange = (listener) => listeners.push(listener);
const changed = (event) => listeners.forEach((listener) => listener(event));

export const user = (id) => state.users.find((each) => each.id === id) ?? { id, real_name: id, tz: "UTC" };
export const me = () => user(state.me);
export const now = () => new Date(Date.now() + state.clock.offset * 1000);
export const appChannel = () => state.conversations.find((each) => each.kind === "app")?.id;

let socket;
export function connect(person) {
  state.me = person;
  socket?.close();
  const mine = new WebSocket(`${location.origin.replace("http", "ws")}/playground/live?user=${person}`);
  socket = mine;
  mine.onmessage = (message) => mine === socket && take(JSON.parse(message.data));
  mine.onclose = () => mine === socket && setTimeout(() => mine === socket && connect(state.me), 1000);
}

function take(event) {
  switch (event.type) {
    case "snapshot": {
      Object.assign(state, event);
      const known = state.conversations.some((each) => each.id === state.channel);
      if (!known) state.channel = state.conversations.find((each) => each.name === "hiring")?.id ?? state.conversations[0].id;
      break;
    }
    case "message": {
      const { message } = event;
      const list = (state.messages[message.channel] ??= []);
      const place = list.findIndex((each) => each.ts === message.ts);
      if (place < 0) {
        list.push(message);
        if (message.channel !== state.channel && message.user !== state.me) state.unread[message.channel] = (state.unread[message.channel] ?? 0) + 1;
      } else list[place] = message;
      break;
    }
    case "message_removed":
      state.messages[event.channel] = (state.messages[event.channel] ?? []).filter((each) => each.ts !== event.ts);
      break;
    case "views": state.views = event.views; break;
    case "home": state.home = event.home; break;
    case "app": state.app.connected = event.connected; break;
    case "clock": state.clock = event.clock; break;
    case "quiet": state.quiet = event.quiet; break;
    case "log": state.log = [...state.log.slice(-199), event.entry]; break;
  }
  changed(event);
}

export function openThread(ts) {
  state.thread = ts;
  changed({ type: "thread" });
}

export async function upload(file) {
  const response = await fetch(`/playground/upload?${new URLSearchParams({ user: state.me, name: file.name })}`, { method: "POST", body: file });
  return response.json();
}

export function go(channel, tab = "messages") {
  state.thread = "";
  state.channel = channel;
  state.tab = tab;
  delete state.unread[channel];
  history.replaceState(null, "", `#${state.me}/${channel}/${tab}`);
  if (tab === "home") act("open_home");
  changed({ type: "place" });
}

export async function act(verb, asked = {}) {
  let answer;
  try {
    const response = await fetch(`/playground/act/${verb}`, { method: "POST", body: JSON.stringify({ user: state.me, ...asked }) });
    answer = await response.json();
  } catch {
    answer = { ok: false, message: "The workspace does not answer. Is it still running?" };
  }
  if (!answer.ok && verb !== "submit") notice(answer.message ?? answer.error);
  return answer;
}
