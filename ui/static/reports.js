// The page of ui/web/reports. What it shows has an address; links within the page change both without loading it anew.
(() => {
  const { call, fragment, narrow } = nianbao;
  const OWN = /^reports(\?|$)/;
  let view = null;
  let asking = 0;
  let chosen = [];

  const main = () => view.element.querySelector(".nb-main");

  // Where the reader was, kept with the history entry, so that going back leads there again.
  const remember = () => history.replaceState({ ...history.state, scrolled: scrollY }, "");

  // What is shown stays until something else is, with a word that it is on its way.
  function busy(is) {
    if (is) main()?.setAttribute("aria-busy", "true");
    else main()?.removeAttribute("aria-busy");
    const sign = main()?.querySelector(".nb-searching");
    if (sign) sign.textContent = is ? sign.dataset.says : "";
  }

  async function go(query, { push = true, scrolled = 0, focus = true } = {}) {
    const number = ++asking;
    const before = location.search;
    busy(true);
    let html;
    try {
      html = await call(view, "show", { query });
    } catch {
      // What was shown stays; the notice has said why.
      busy(false);
      return;
    }
    if (number !== asking) return;
    if (push && query !== before) {
      remember();
      history.pushState({}, "", `reports${query}`);
    }
    view.element.innerHTML = html;
    shown({ scrolled, focus });
  }

  function shown({ scrolled = null, focus = false } = {}) {
    const report = view.element.querySelector(".nb-one-report");
    const site = document.querySelector(".nb-bar")?.dataset.title;
    if (site) document.title = report ? `${report.dataset.title} · ${site.split(" · ").pop()}` : site;
    chosen = [];
    const mark = view.element.querySelector(".nb-view:not([hidden]) :is(mark.nb-cell, mark.nb-cited, .nb-picture.nb-cited)");
    if (focus) {
      const target = view.element.querySelector("h1, .nb-found");
      if (target) {
        target.tabIndex = -1;
        target.focus({ preventScroll: true });
      }
    }
    requestAnimationFrame(() => {
      if (scrolled) scrollTo(0, scrolled);
      else if (mark) mark.scrollIntoView({ block: "center", inline: "center" });
      else if (scrolled === 0) scrollTo(0, 0);
    });
  }

  function showTab(name, { focus = false } = {}) {
    view.element.querySelectorAll('[role="tab"]').forEach((tab) => {
      const is = tab.dataset.view === name;
      tab.setAttribute("aria-selected", String(is));
      tab.tabIndex = is ? 0 : -1;
      if (is && focus) tab.focus();
    });
    view.element.querySelectorAll(".nb-view").forEach((panel) => {
      panel.hidden = panel.id !== `nb-view-${name}`;
    });
    const address = new URL(location.href);
    if (name === "text") address.searchParams.delete("view");
    else address.searchParams.set("view", name);
    history.replaceState(history.state, "", address);
    const tabs = view.element.querySelector(".nb-tabs");
    if (tabs.getBoundingClientRect().top <= 0) tabs.scrollIntoView({ block: "start" });
  }

  function fold(button) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    button.parentElement.classList.toggle("nb-unfolded", open);
  }

  function submit(form) {
    const query = new URLSearchParams(location.search);
    for (const gone of ["page", "show", "narrow", "id", "at", "cell"]) query.delete(gone);
    const box = form.querySelector("input");
    const value = box.value.trim();
    if (value) query.set(box.name, value);
    else query.delete(box.name);
    const written = query.toString();
    go(written ? `?${written}` : "");
  }

  function choose(box) {
    if (box.checked) chosen.push(box.value);
    else chosen = chosen.filter((one) => one !== box.value);
    while (chosen.length > 2) {
      const dropped = chosen.shift();
      const other = view.element.querySelector(`.nb-choose input[value="${CSS.escape(dropped)}"]`);
      if (other) other.checked = false;
    }
    const list = view.element.querySelector(".nb-list");
    const link = view.element.querySelector(".nb-compare-chosen");
    link.hidden = !chosen.length;
    link.textContent = chosen.length === 2 ? list.dataset.compare : list.dataset.choose;
    if (chosen.length === 2) link.href = `reports?compare=${encodeURIComponent(chosen.join(","))}`;
    else link.removeAttribute("href");
  }

  nianbao.combine("#nb-place", {
    async offer(box, text) {
      const places = await call(view, "places", { words: text }, { silent: true });
      return places.map(([path, reports]) => ({ path, label: path.replaceAll("/", " "), about: String(reports) }));
    },
    take(box, { path }) {
      box.value = path;
      submit(box.form);
    },
  });

  // A correction changes what the other parts of the page say; the part that tells of it stays as it is.
  async function renew() {
    const html = await call(view, "show", { query: location.search }, { silent: true }).catch(() => null);
    if (!html) return;
    const fresh = fragment(html);
    const corrections = view.element.querySelector("#nb-view-corrections");
    const former = fresh.querySelector("#nb-view-corrections");
    if (!corrections || !former) return;
    const [now, made] = [main(), fresh.querySelector(".nb-main")];
    const kept = new Set([corrections]);
    [...now.children].forEach((child) => !kept.has(child) && child.remove());
    [...made.children].forEach((child) => {
      if (child === former) return;
      if (former.compareDocumentPosition(child) & Node.DOCUMENT_POSITION_PRECEDING) corrections.before(child);
      else now.append(child);
    });
  }

  function click(event) {
    const target = event.target;
    const tab = target.closest('[role="tab"][data-view]');
    if (tab) return showTab(tab.dataset.view);
    const folding = target.closest(".nb-fold");
    if (folding) return fold(folding);
    const link = target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.dataset.jump) {
      event.preventDefault();
      const heading = document.getElementById(link.dataset.jump);
      heading.scrollIntoView({ block: "start" });
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      if (narrow()) fold(link.closest(".nb-outline").querySelector(".nb-fold"));
      return;
    }
    const address = link.getAttribute("href");
    if (link.target || !OWN.test(address)) return;
    event.preventDefault();
    showReports(address);
  }
  const showReports = (address) => go(address.replace(/^reports/, ""));

  function key(event) {
    const tab = event.target.closest('[role="tab"]');
    if (!tab || !["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    const tabs = [...tab.parentElement.querySelectorAll('[role="tab"]')];
    const at = tabs.indexOf(tab);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    event.preventDefault();
    showTab(tabs[(to + tabs.length) % tabs.length].dataset.view, { focus: true });
  }

  nianbao.showReports = showReports;
  nianbao.page("reports", {
    start(own) {
      view = own;
      view.element.addEventListener("click", click);
      view.element.addEventListener("keydown", key);
      view.element.addEventListener("submit", (event) => {
        if (!event.target.matches("[data-filters]")) return;
        event.preventDefault();
        submit(event.target);
      });
      view.element.addEventListener("change", (event) => {
        if (event.target.matches(".nb-choose input")) choose(event.target);
      });
      history.scrollRestoration = "manual";
      addEventListener("popstate", (event) => go(location.search, { push: false, scrolled: event.state?.scrolled ?? 0 }));
      addEventListener("pagehide", remember);
      document.addEventListener("nianbao:corrected", renew);
    },
    refresh() {
      shown({ scrolled: history.state?.scrolled ?? null });
    },
  });
})();
