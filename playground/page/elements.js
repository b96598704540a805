// Interactive elements as controls. A press sends what Slack would send of it.

import { BUTTONS, base } from "./buttons.js";
import { changing, CHOICES } from "./choices.js";
import { h } from "./dom.js";
import { plainOf, richOf } from "./richtext.js";
import { upload } from "./store.js";

export function element(found, block, surface, id) {
  return MAKERS[found.type](found, block, surface, id);
}

const TYPED = {
  plain_text_input: (found, block, surface, id) => typed(found.multiline ? h("textarea", { id, rows: "4" }) : h("input", { id, type: "text" }), found, block, surface),
  email_text_input: (found, block, surface, id) => typed(h("input", { id, type: "email" }), found, block, surface),
  url_text_input: (found, block, surface, id) => typed(h("input", { id, type: "url" }), found, block, surface),
  number_input: (found, block, surface, id) => typed(h("input", { id, type: "number", min: found.min_value, max: found.max_value, step: found.is_decimal_allowed ? "any" : "1" }), found, block, surface),
  rich_text_input(found, block, surface, id) {
    const input = h("textarea", { id, rows: "4", placeholder: found.placeholder?.text });
    input.value = plainOf(surface.kept(block, found)?.rich_text_value ?? found.initial_value);
    surface.register(block, found, () => ({ rich_text_value: input.value ? richOf(input.value) : null }));
    return input;
  },
  file_input(found, block, surface, id) {
    const input = h("input", { id, type: "file", multiple: (found.max_files ?? 10) > 1, accept: found.filetypes?.map((each) => `.${each}`).join(",") });
    let files = surface.kept(block, found)?.files ?? [];
    const names = h("small", {}, files.map((file) => file.name).join(", "));
    input.addEventListener("change", async () => {
      files = await Promise.all([...input.files].slice(0, found.max_files ?? 10).map(upload));
      names.textContent = files.map((file) => file.name).join(", ");
    });
    surface.register(block, found, () => ({ files: files.length ? files : null }));
    return h("div", {}, input, names);
  },
};

const DATES = {
  datepicker: (found, block, surface, id) => dated(found, block, surface, id, "date", found.initial_date, "selected_date"),
  timepicker: (found, block, surface, id) => dated(found, block, surface, id, "time", found.initial_time, "selected_time"),
  datetimepicker(found, block, surface, id) {
    const local = (seconds) => new Date(seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    const first = surface.kept(block, found)?.selected_date_time ?? found.initial_date_time;
    const input = h("input", { id, type: "datetime-local", value: first ? local(first) : undefined, "aria-label": id ? undefined : "Date and time" });
    return changing(input, found, block, surface, () => ({ selected_date_time: input.value ? Math.floor(new Date(input.value).getTime() / 1000) : null }));
  },
};

const MAKERS = { ...BUTTONS, ...CHOICES, ...TYPED, ...DATES };

function typed(input, found, block, surface) {
  input.value = surface.kept(block, found)?.value ?? found.initial_value ?? "";
  if (found.placeholder) input.placeholder = found.placeholder.text;
  if (found.max_length) input.maxLength = found.max_length;
  if (found.focus_on_load) input.dataset.focus = "yes";
  surface.register(block, found, () => ({ value: input.value || null }));
  if (block.dispatch_action) {
    const wanted = found.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    const press = () => surface.press({ ...base(found, block), value: input.value });
    let timer;
    if (wanted.includes("on_character_entered")) input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(press, 300); });
    if (wanted.includes("on_enter_pressed")) input.addEventListener("keydown", (event) => event.key === "Enter" && !event.shiftKey && press());
  }
  return input;
}

function dated(found, block, surface, id, type, initial, field) {
  const input = h("input", { id, type, value: surface.kept(block, found)?.[field] ?? initial, "aria-label": id ? undefined : found.placeholder?.text ?? type });
  return changing(input, found, block, surface, () => ({ [field]: input.value || null }));
}
