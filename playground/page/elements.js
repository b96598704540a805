// Interactive elements as controls. A press sends what Slack would send of it.

import { h } from "./dom.js";
import { text } from "./mrkdwn.js";
import { state } from "./store.js";

const base = (element, block) => ({ type: element.type, action_id: element.action_id, block_id: block.block_id });

export function element(found, block, surface, id) {
  const make = MAKERS[found.type];
  return make ? make(found, block, surface, id) : h("span", { class: "unknown" }, `This element cannot be shown yet: ${found.type}`);
}

const MAKERS = {
  button(found, block, surface) {
    const button = h("button", { type: "button", class: `button ${found.style ?? ""}`, "aria-label": found.accessibility_label }, ...text(found.text));
    button.addEventListener("click", async () => {
      if (found.url) window.open(found.url, "_blank", "noreferrer");
      if (found.confirm && !window.confirm(`${found.confirm.title.text}\n\n${found.confirm.text.text}`)) return;
      button.classList.add("waiting");
      await surface.press({ ...base(found, block), text: found.text, value: found.value });
      button.classList.remove("waiting");
    });
    return button;
  },
  overflow(found, block, surface) {
    const list = h("div", { class: "menu", role: "menu", hidden: true });
    const toggle = h("button", { type: "button", class: "button overflow", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "More actions" }, "⋯");
    const open = (yes) => {
      list.hidden = !yes;
      toggle.setAttribute("aria-expanded", String(yes));
      if (yes) {
        list.classList.toggle("upwards", toggle.getBoundingClientRect().bottom > window.innerHeight - 180);
        list.firstElementChild.focus();
      } else if (list.contains(document.activeElement)) toggle.focus();
    };
    for (const option of found.options) {
      list.append(h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => {
        open(false);
        surface.press({ ...base(found, block), selected_option: option });
      } }, ...text(option.text)));
    }
    const wrapper = h("span", { class: "menu-anchor" }, toggle, list);
    toggle.addEventListener("click", () => open(list.hidden));
    wrapper.addEventListener("focusout", (event) => wrapper.contains(event.relatedTarget) || (list.hidden = true, toggle.setAttribute("aria-expanded", "false")));
    wrapper.addEventListener("keydown", (event) => {
      const items = [...list.children];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape" && !list.hidden) { open(false); event.stopPropagation(); }
      if (step && !list.hidden) {
        items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
        event.preventDefault();
      }
    });
    return wrapper;
  },
  static_select(found, block, surface, id) {
    const groups = found.option_groups ?? [{ options: found.options }];
    const all = groups.flatMap((group) => group.options);
    const select = h("select", { id, "aria-label": id ? undefined : found.placeholder?.text ?? "Choose" }, h("option", { value: "" }, found.placeholder?.text ?? "Choose…"),
      groups.map((group) => {
        const options = group.options.map((option) => h("option", { value: option.value, selected: option.value === found.initial_option?.value }, option.text.text));
        return group.label ? h("optgroup", { label: group.label.text }, options) : options;
      }).flat());
    return changing(select, found, block, surface, () => ({ selected_option: all.find((option) => option.value === select.value) ?? null }));
  },
  users_select(found, block, surface, id) {
    const people = state.users.filter((each) => !each.is_bot);
    const select = h("select", { id }, h("option", { value: "" }, found.placeholder?.text ?? "Choose…"), people.map((each) => h("option", { value: each.id, selected: each.id === found.initial_user }, each.real_name)));
    return changing(select, found, block, surface, () => ({ selected_user: select.value || null }));
  },
  radio_buttons: (found, block, surface, id) => options(found, block, surface, id, "radio"),
  checkboxes: (found, block, surface, id) => options(found, block, surface, id, "checkbox"),
  datepicker: (found, block, surface, id) => dated(found, block, surface, id, "date", found.initial_date, "selected_date"),
  timepicker: (found, block, surface, id) => dated(found, block, surface, id, "time", found.initial_time, "selected_time"),
  plain_text_input(found, block, surface, id) {
    const input = found.multiline ? h("textarea", { id, rows: "4" }) : h("input", { id, type: "text" });
    return typed(input, found, block, surface);
  },
  email_text_input: (found, block, surface, id) => typed(h("input", { id, type: "email" }), found, block, surface),
  url_text_input: (found, block, surface, id) => typed(h("input", { id, type: "url" }), found, block, surface),
  number_input: (found, block, surface, id) => typed(h("input", { id, type: "number", min: found.min_value, max: found.max_value }), found, block, surface),
};

function typed(input, found, block, surface) {
  input.value = surface.kept?.(block, found)?.value ?? found.initial_value ?? "";
  if (found.placeholder) input.placeholder = found.placeholder.text;
  if (found.max_length) input.maxLength = found.max_length;
  if (found.focus_on_load) input.dataset.focus = "yes";
  surface.register?.(block, found, () => ({ value: input.value || null }));
  if (block.dispatch_action) {
    const wanted = found.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    const press = () => surface.press({ ...base(found, block), value: input.value });
    let timer;
    if (wanted.includes("on_character_entered")) input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(press, 300); });
    if (wanted.includes("on_enter_pressed")) input.addEventListener("keydown", (event) => event.key === "Enter" && !event.shiftKey && press());
  }
  return input;
}

function changing(control, found, block, surface, read) {
  surface.register?.(block, found, read);
  control.addEventListener("change", () => (block.type !== "input" || block.dispatch_action) && surface.press({ ...base(found, block), ...read() }));
  return control;
}

function dated(found, block, surface, id, type, initial, field) {
  const input = h("input", { id, type, value: initial });
  return changing(input, found, block, surface, () => ({ [field]: input.value || null }));
}

function options(found, block, surface, id, type) {
  const initial = found.initial_options ?? [found.initial_option].filter(Boolean);
  const group = h("div", { class: "options", role: type === "radio" ? "radiogroup" : "group", id });
  for (const option of found.options) {
    const input = h("input", { type, name: `${block.block_id}-${found.action_id}`, value: option.value, checked: initial.some((each) => each.value === option.value) });
    group.append(h("label", {}, input, " ", ...text(option.text), option.description ? h("small", {}, ...text(option.description)) : null));
  }
  const chosen = () => found.options.filter((_, place) => group.querySelectorAll("input")[place].checked);
  return changing(group, found, block, surface, () => (type === "radio" ? { selected_option: chosen()[0] ?? null } : { selected_options: chosen() }));
}
