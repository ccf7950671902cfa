// The script of ui/web/checks: another query without another page, verdicts, and the keyboard.
(() => {
  const { fragment, signed } = nianbao;
  let words = {};
  let current = null;
  let asked = 0;

  const say = (key, values) => nianbao.fill(words[key], values);
  const queryOf = (address) => Object.fromEntries(new URL(address, location.href).searchParams);

  function announce(view, sentence) {
    const line = view.element.querySelector(".nb-check-announced");
    if (line) line.textContent = sentence;
  }

  const made = (html) => fragment(html).firstElementChild;

  async function show(view, address, { isNew = true } = {}) {
    const number = ++asked;
    const focused = document.activeElement?.id;
    view.element.classList.add("nb-check-waiting");
    try {
      const html = await nianbao.call(view, "listing", { query: queryOf(address) });
      if (number !== asked) return;
      view.element.querySelector(".nb-main").replaceWith(made(html));
      if (isNew) history.pushState(null, "", address);
      fill(view);
      if (focused?.startsWith("nb-check-")) document.getElementById(focused)?.focus({ preventScroll: true });
    } finally {
      if (number === asked) view.element.classList.remove("nb-check-waiting");
    }
  }

  // On a phone the filters are folded away until they are wanted.
  let isOpen = false;
  function fill(view) {
    const main = view.element.querySelector(".nb-main");
    if (!main) return;
    words = JSON.parse(main.dataset.words);
    current = null;
    const name = main.querySelector("#nb-check-name");
    if (name) name.value = signed.get();
    const more = main.querySelector(".nb-check-more");
    if (more && nianbao.narrow()) more.open = isOpen;
  }

  function filtered(form) {
    const address = new URL(location.href);
    address.searchParams.delete("page");
    for (const field of form.querySelectorAll("[name]")) {
      const value = field.value.trim();
      if (value && !(field.name === "group" && value === "report")) address.searchParams.set(field.name, value);
      else address.searchParams.delete(field.name);
    }
    return address.href;
  }

  async function judge(view, item, finding) {
    if (item.dataset.busy) return;
    item.dataset.busy = "1";
    const request = { check: JSON.parse(item.dataset.check), query: queryOf(location.href) };
    if (finding) {
      request.finding = finding;
      request.note = item.querySelector(".nb-check-note")?.value ?? "";
      request.by = signed.get();
    }
    let reply;
    try {
      reply = await nianbao.call(view, finding ? "judge" : "undo", request);
    } finally {
      delete item.dataset.busy;
    }
    const after = made(reply.item);
    const held = item.contains(document.activeElement);
    item.replaceWith(after);
    if (current === item) current = after;
    view.element.querySelector(".nb-check-progress")?.replaceWith(made(reply.progress));
    if (held || current === after) choose(after);
    announce(view, say(finding ? "judged" : "undone", { finding: words[finding], done: reply.done, all: reply.all }));
  }

  function choose(item) {
    current = item;
    item.focus({ preventScroll: true });
    const { top, bottom } = item.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) nianbao.scroll(item, bottom - top > innerHeight ? "start" : "center");
  }

  function step(view, by) {
    const items = [...view.element.querySelectorAll(".nb-check")];
    const at = items.indexOf(current);
    const next = items[at < 0 ? 0 : at + by];
    if (next) choose(next);
  }

  const isTyping = (element) => element?.matches?.("input, textarea, select, [contenteditable=true]");

  function press(view, event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (!view.element.isConnected || !view.element.querySelector(".nb-check")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      event.preventDefault();
      return step(view, key === "j" ? 1 : -1);
    }
    // Only of the item that one is at: a stray key must not judge what nobody looks at.
    const item = document.activeElement?.closest(".nb-check[data-check]");
    if (!item) return;
    const isOpen = item.dataset.standing === "open";
    if ((key === "c" || key === "d") && isOpen) judge(view, item, key === "c" ? "confirmed" : "dismissed").catch(() => {});
    else if (key === "u" && !isOpen) judge(view, item, null).catch(() => {});
    else return;
    event.preventDefault();
  }

  nianbao.page("checks", {
    start(view) {
      const root = view.element;
      root.addEventListener("click", (event) => {
        const go = event.target.closest("a[data-go]");
        if (go && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
          event.preventDefault();
          const paging = go.closest(".nb-paging");
          show(view, go.href).then(() => paging && scrollTo({ top: 0 }), () => {});
          return;
        }
        const folded = event.target.closest(".nb-check-more > summary");
        if (folded) isOpen = !folded.parentElement.open;
        const item = event.target.closest(".nb-check[data-check]");
        if (!item) return;
        const button = event.target.closest("[data-finding], [data-undo]");
        if (button) judge(view, item, button.dataset.finding ?? null).catch(() => {});
      });
      root.addEventListener("focusin", (event) => {
        current = event.target.closest(".nb-check") ?? current;
      });
      root.addEventListener("change", (event) => {
        if (event.target.id === "nb-check-name") return signed.set(event.target.value.trim());
        const form = event.target.closest(".nb-check-filters");
        if (form && event.target.name) show(view, filtered(form)).catch(() => {});
      });
      root.addEventListener("submit", (event) => {
        event.preventDefault();
        const body = event.target.querySelector("[name=body]");
        if (body && document.activeElement === body) show(view, filtered(event.target)).catch(() => {});
      });
      root.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !event.target.matches(".nb-check-note")) return;
        event.preventDefault();
        event.target.closest(".nb-check-buttons").querySelector("button").focus();
      });
      document.addEventListener("keydown", (event) => press(view, event));
      addEventListener("popstate", () => show(view, location.href, { isNew: false }).catch(() => {}));
    },
    refresh: fill,
  });
})();
