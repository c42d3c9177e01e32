import { h, useEffect, useRef } from "../core/ui.js";

/** A dialog that keeps the focus, closes with Escape, and gives the focus back. */
export function Dialog({ title, onClose, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    return () => before?.focus?.();
  }, []);
  return h("dialog", { ref: dialog, onClose, onCancel: onClose, "aria-label": title }, h("h2", null, title), children);
}
