// What is chosen from a list: the app's options, people, channels, or what the app suggests.

import { base } from "./buttons.js";
import { confirmed } from "./dialog.js";
import { h } from "./dom.js";
import { plain, text } from "./mrkdwn.js";
import { state } from "./store.js";

const FILTER_FROM = 8; // A longer list can be narrowed by typing.
const KINDS = { public: "channel", private: "private", im: "app", mpim: "group" };

// Slack tells of a change at once, but for an input, which waits for the submission.
export function changing(control, found, block, surface, read) {
  surface.register(block, found, read);
  control.addEventListener("change", async () => {
    if (block.type === "input" && !block.dispatch_action) return;
    if (await confirmed(found.confirm)) surface.press({ ...base(found, block), ...read() });
  });
  return control;
}

const asGroups = (found) => found.option_groups ?? [{ options: found.options }];
const people = () => [{ options: state.users.filter((each) => !each.is_bot).map((each) => ({ value: each.id, text: { text: each.real_name } })) }];
function rooms(found, kinds) {
  const wanted = found.filter?.include?.map((name) => KINDS[name]) ?? kinds;
  return [{ options: state.conversations.filter((each) => wanted.includes(each.kind)).map((each) => ({ value: each.id, text: { text: each.kind === "channel" ? `# ${each.name}` : each.name } })) }];
}

function one(groups, found, block, surface, id, initial, read) {
  const kept = surface.kept(block, found);
  const now = kept ? Object.values(kept).find((each) => each !== found.type) : initial;
  const chosen = now?.value ?? now;
  const hint = found.placeholder?.text ?? "Choose…";
  const select = h("select", { id, "aria-label": id ? undefined : hint }, h("option", { value: "" }, hint),
    groups.flatMap((group) => {
      const options = group.options.map((option) => h("option", { value: option.value, selected: option.value === chosen }, option.text.text));
      return group.label ? [h("optgroup", { label: group.label.text }, options)] : options;
    }));
  const all = groups.flatMap((group) => group.options);
  return changing(select, found, block, surface, () => read(all.find((option) => option.value === select.value) ?? null));
}

function many(groups, found, block, surface, id, initial, read) {
  const kept = surface.kept(block, found);
  const now = (kept ? Object.values(kept).find(Array.isArray) : initial) ?? [];
  const chosen = now.map((each) => each.value ?? each);
  const box = h("div", { class: "many", id, role: "group", "aria-label": found.placeholder?.text ?? "Choose some" });
  const all = groups.flatMap((group) => group.options);
  const inputs = all.map((option) => h("input", { type: "checkbox", value: option.value, checked: chosen.includes(option.value) }));
  const rows = all.map((option, place) => h("label", {}, inputs[place], " ", ...plain(option.text.text)));
  if (all.length > FILTER_FROM) {
    const filter = h("input", { type: "search", "aria-label": "Narrow the list", placeholder: found.placeholder?.text ?? "Type to narrow the list" });
    filter.addEventListener("input", (event) => { event.stopPropagation(); rows.forEach((row) => (row.hidden = !row.textContent.toLowerCase().includes(filter.value.toLowerCase()))); });
    filter.addEventListener("change", (event) => event.stopPropagation());
    box.append(filter);
  }
  box.append(h("div", { class: "many-list" }, rows));
  const most = found.max_selected_items ?? all.length;
  const limit = () => {
    const full = inputs.filter((each) => each.checked).length >= most;
    inputs.forEach((each) => (each.disabled = full && !each.checked));
  };
  limit();
  box.addEventListener("change", limit);
  return changing(box, found, block, surface, () => read(all.filter((_, place) => inputs[place].checked)));
}

// The app keeps the options: it is asked again as somebody types.
function external(found, block, surface, id, several) {
  const initial = found.initial_options ?? [found.initial_option].filter(Boolean);
  const kept = surface.kept(block, found);
  let chosen = kept ? [kept.selected_options ?? kept.selected_option].flat().filter(Boolean) : initial;
  const hint = found.placeholder?.text ?? "Type to search";
  const input = h("input", { id, type: "text", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-label": id ? undefined : hint, placeholder: hint });
  const list = h("div", { class: "menu", role: "listbox", hidden: true });
  const chips = h("div", { class: "chips" });
  const box = h("div", { class: "external menu-anchor" }, chips, input, list);
  const told = () => {
    if (several) chips.replaceChildren(...chosen.map((option) => h("button", { type: "button", class: "chip", "aria-label": `Remove ${option.text.text}`, onclick: () => take(chosen.filter((each) => each !== option)) }, option.text.text, " ×")));
    else input.value = chosen[0]?.text.text ?? "";
  };
  const take = (options) => {
    chosen = options;
    input.value = "";
    list.hidden = true;
    told();
    box.dispatchEvent(new Event("change"));
  };
  let timer;
  const search = async () => {
    if (input.value.length < (found.min_query_length ?? 3)) { list.hidden = true; return; }
    const answer = await surface.suggest(found, block, input.value);
    const options = (answer.option_groups ?? [{ options: answer.options ?? [] }]).flatMap((group) => group.options);
    list.replaceChildren(...options.map((option) => h("button", { type: "button", role: "option", onclick: () => take(several ? [...chosen.filter((each) => each.value !== option.value), option] : [option]) }, ...text(option.text))));
    if (!options.length) list.append(h("p", { class: "hint" }, "Nothing fits."));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 200); });
  input.addEventListener("change", (event) => event.stopPropagation());
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { list.hidden = true; event.stopPropagation(); }
    if (event.key === "ArrowDown" && !list.hidden) { (document.activeElement === input ? list.firstElementChild : document.activeElement.nextElementSibling)?.focus(); event.preventDefault(); }
  });
  told();
  return changing(box, found, block, surface, () => (several ? { selected_options: chosen } : { selected_option: chosen[0] ?? null }));
}

const ids = (options) => options.map((option) => option.value);

export const CHOICES = {
  static_select: (found, block, surface, id) => one(asGroups(found), found, block, surface, id, found.initial_option, (option) => ({ selected_option: option })),
  users_select: (found, block, surface, id) => one(people(), found, block, surface, id, found.initial_user, (option) => ({ selected_user: option?.value ?? null })),
  channels_select: (found, block, surface, id) => one(rooms(found, ["channel"]), found, block, surface, id, found.initial_channel, (option) => ({ selected_channel: option?.value ?? null })),
  conversations_select: (found, block, surface, id) => one(rooms(found, Object.values(KINDS)), found, block, surface, id, found.initial_conversation ?? (found.default_to_current_conversation ? state.channel : null), (option) => ({ selected_conversation: option?.value ?? null })),
  external_select: (found, block, surface, id) => external(found, block, surface, id, false),
  multi_static_select: (found, block, surface, id) => many(asGroups(found), found, block, surface, id, found.initial_options, (options) => ({ selected_options: options })),
  multi_users_select: (found, block, surface, id) => many(people(), found, block, surface, id, found.initial_users, (options) => ({ selected_users: ids(options) })),
  multi_channels_select: (found, block, surface, id) => many(rooms(found, ["channel"]), found, block, surface, id, found.initial_channels, (options) => ({ selected_channels: ids(options) })),
  multi_conversations_select: (found, block, surface, id) => many(rooms(found, Object.values(KINDS)), found, block, surface, id, found.initial_conversations, (options) => ({ selected_conversations: ids(options) })),
  multi_external_select: (found, block, surface, id) => external(found, block, surface, id, true),
  radio_buttons: (found, block, surface, id) => listed(found, block, surface, id, "radio"),
  checkboxes: (found, block, surface, id) => listed(found, block, surface, id, "checkbox"),
};

function listed(found, block, surface, id, type) {
  const kept = surface.kept(block, found);
  const initial = kept ? [kept.selected_options ?? kept.selected_option].flat() : found.initial_options ?? [found.initial_option];
  const group = h("div", { class: "options", role: type === "radio" ? "radiogroup" : "group", id });
  for (const option of found.options) {
    const input = h("input", { type, name: `${block.block_id}-${found.action_id}`, value: option.value, checked: initial.some((each) => each?.value === option.value) });
    group.append(h("label", {}, input, " ", ...text(option.text), option.description ? h("small", {}, ...text(option.description)) : null));
  }
  const chosen = () => found.options.filter((_, place) => group.querySelectorAll("input")[place].checked);
  return changing(group, found, block, surface, () => (type === "radio" ? { selected_option: chosen()[0] ?? null } : { selected_options: chosen() }));
}
