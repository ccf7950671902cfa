// What all pages share: the views, calls to the server, words, elements, notices, sortable tables, copying.
// A page's own script registers what it does with nianbao.page(name, {start(view), refresh(view)}).
(() => {
  const pages = {};
  const views = {};
  let words = {};

  // A view is one part of a page: {name, element, server, watch, root}.
  function attachWaiting() {
    for (const [name, element, given] of (window.nianbaoWaiting ??= []).splice(0)) {
      const view = { name, element, root: element.closest("[id^=nb-]"), ...given };
      views[name] = view;
      // The callback comes once the new content stands, or a moment before: two frames make sure.
      given.watch("value", () => requestAnimationFrame(() => requestAnimationFrame(() => pages[name]?.refresh?.(view))));
      if (pages[name]) begin(view);
    }
  }
  function begin(view) {
    pages[view.name].start?.(view);
    if (view.element.firstElementChild) pages[view.name].refresh?.(view);
  }

  function page(name, behaviour) {
    pages[name] = behaviour;
    if (views[name]) begin(views[name]);
  }

  // Words of one page, beside those that all pages have.
  function learn(more) {
    words = { ...more, ...words };
  }

  // Text with {names} filled in.
  const fill = (text, values = {}) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const say = (key, values) => fill(words[key] ?? key, values);

  function make(tag, className = "", text = "") {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.textContent = text;
    if (tag === "button") made.type = "button";
    return made;
  }

  // The nodes of HTML that Python made and escaped.
  function fragment(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content;
  }

  // The name with which someone signs verdicts and corrections.
  const NAME = "nianbao-name";
  const signed = {
    get() {
      try { return localStorage.getItem(NAME) ?? ""; } catch { return ""; }
    },
    set(name) {
      try { localStorage.setItem(NAME, name); } catch { /* A browser that keeps nothing asks for it each time. */ }
    },
  };

  // The result of a Python function of the view; what went wrong is said on the page, and thrown as an Error.
  async function call(view, name, request = {}, { silent = false } = {}) {
    let reply;
    try {
      reply = await view.server[name]({ lang: document.documentElement.lang, ...request });
    } catch {
      if (!silent) notice(say("lost"), { isError: true });
      throw new Error("lost");
    }
    if (reply && "ok" in reply) return reply.ok;
    const sentence = reply?.error ?? say("lost");
    if (!silent) notice(sentence, { isError: true });
    throw new Error(sentence);
  }

  let shown = null;
  function notice(sentence, { isError = false, action = null, onAction = null } = {}) {
    dismiss();
    shown = make("div", isError ? "nb-notice nb-notice-error" : "nb-notice");
    shown.setAttribute("role", isError ? "alert" : "status");
    shown.append(make("p", "", sentence));
    const button = (label, act) => {
      const made = make("button", "", label);
      made.addEventListener("click", act);
      shown.append(made);
    };
    if (action) button(action, () => { dismiss(); onAction(); });
    button(say("close"), dismiss);
    document.body.append(shown);
    if (!isError) setTimeout(dismiss, 5000, shown);
  }
  function dismiss(only) {
    if (!shown || (only && only !== shown)) return;
    shown.remove();
    shown = null;
  }

  async function copy(text, html = null, done = say("copied")) {
    try {
      const kinds = { "text/plain": new Blob([text], { type: "text/plain" }) };
      if (html) kinds["text/html"] = new Blob([html], { type: "text/html" });
      await navigator.clipboard.write([new ClipboardItem(kinds)]);
      notice(done);
    } catch {
      // Clipboards need a secure page; over plain HTTP from another machine there is only this.
      const box = document.createElement("textarea");
      box.value = text;
      document.body.append(box);
      box.select();
      const isCopied = document.execCommand("copy");
      box.remove();
      notice(isCopied ? done : say("not_copied"), { isError: !isCopied });
    }
  }

  // Tables with class nb-sortable: buttons in their heads sort by data-sort of the cells, else by their text.
  // Unknown values (an empty data-sort) come last in both directions: unknown is not zero.
  const collator = new Intl.Collator(["zh-Hans-CN", "en"], { numeric: true });
  function sortTable(button) {
    const th = button.closest("th");
    const table = th.closest("table");
    const column = th.cellIndex;
    const down = th.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => {
      const cell = row.cells[column];
      return cell.dataset.sort ?? cell.textContent.trim();
    };
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [key(row), row]);
    const numeric = rows.every(([value]) => value === "" || !Number.isNaN(Number(value)));
    rows.sort(([a], [b]) => {
      if (a === "" || b === "") return (a === "") - (b === "");
      const order = numeric ? a - b : collator.compare(a, b);
      return down ? -order : order;
    });
    body.append(...rows.map(([, row]) => row));
  }

  document.addEventListener("click", (event) => {
    const sort = event.target.closest(".nb-sortable th button");
    if (sort) return sortTable(sort);
    const copied = event.target.closest("[data-copy]");
    if (copied) {
      const given = copied.dataset.copy;
      return void copy("address" in copied.dataset ? new URL(given, location.href).href : given);
    }
    const language = event.target.closest("[data-language]");
    if (language) {
      document.cookie = `nianbao-lang=${language.dataset.language}; path=/; max-age=31536000; samesite=strict`;
      const address = new URL(location.href);
      address.searchParams.delete("lang");
      location.assign(address);
    }
  });

  page("header", {
    refresh(view) {
      const bar = view.element.querySelector(".nb-bar");
      if (!bar) return;
      document.documentElement.lang = bar.dataset.lang;
      document.title = bar.dataset.title;
      words = { ...words, ...JSON.parse(bar.dataset.words) };
      document.documentElement.classList.add("nb-ready");
      document.dispatchEvent(new Event("nb-ready"));
    },
  });

  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scroll = (target, block) => target.scrollIntoView({ block, behavior: still() ? "auto" : "smooth" });
  const narrow = () => matchMedia("(max-width: 900px)").matches;

  window.nianbao = {
    attachWaiting, page, views, learn, fill, say, make, fragment, signed, call, notice, dismiss, copy, scroll, narrow,
  };
  attachWaiting();
})();
