// Where blocks stand: in a message, on Home, in a modal. It knows what is filled in there.

import { act } from "./store.js";

export function surface(container, kept = new Map()) {
  const readers = [];
  const key = (block, element) => `${container.view_id ?? container.ts}/${block.block_id}/${element.action_id}`;
  const values = () => {
    const found = {};
    for (const { block, element, read } of readers) {
      const value = { type: element.type, ...read() };
      (found[block.block_id] ??= {})[element.action_id] = value;
      kept.set(key(block, element), value);
    }
    return found;
  };
  return {
    values,
    register: (block, element, read) => readers.push({ block, element, read }),
    kept: (block, element) => kept.get(key(block, element)),
    press: (action) => act("action", { container, action, state: values() }),
    suggest: (element, block, value) => act("options", { container, action: { action_id: element.action_id, block_id: block.block_id }, value }),
  };
}
