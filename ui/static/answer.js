// What is under an answer: chart, table, coverage, controls, and the evidence that is fetched when it is wanted.
// Every part asks the program by the token of its answer, so nothing here needs to know the conversation.
(() => {
  const { views, call, fill, make, fragment, narrow } = nianbao;
  const NEIGHBOURS = 12;
  const A_CALL = 60;

  const answerOf = (turn) => views.thread.element.querySelector(`.nb-turn[data-turn="${turn}"] .nb-answer[data-token]`);
  const turnOf = (element) => Number(element.closest("[data-turn]").dataset.turn);
  const wordsOf = (answer) => JSON.parse(answer.dataset.says);
  const ask = (answer, name, request = {}, options = {}) =>
    call(views.thread, name, { token: answer.dataset.token, turn: turnOf(answer), ...request }, options);

  // ---- Charts: drawn for the width that there is, when they come near the screen -------------------------------------

  const widths = new WeakMap();
  async function drawChart(figure) {
    const answer = figure.closest(".nb-answer");
    const width = Math.round(figure.clientWidth);
    if (!answer || !width || widths.get(figure) === width) return;
    widths.set(figure, width);
    try {
      const html = await ask(answer, "chart", { width }, { silent: true });
      if (widths.get(figure) !== width) return;
      figure.replaceChildren(fragment(html));
    } catch {
      figure.replaceChildren(make("p", "nb-chart-note", wordsOf(answer).drawing_failed));
    }
    figure.removeAttribute("aria-busy");
  }
  const nearing = new IntersectionObserver(
    (entries) => entries.forEach((one) => one.isIntersecting && drawChart(one.target)),
    { rootMargin: "300px 0px" },
  );
  let resized = 0;
  addEventListener("resize", () => {
    clearTimeout(resized);
    resized = setTimeout(() => document.querySelectorAll(".nb-chart").forEach((figure) => {
      nearing.unobserve(figure);
      nearing.observe(figure);
    }), 250);
  });

  // ---- Rows --------------------------------------------------------------------------------------------------------

  async function loadRows(table) {
    const answer = table.closest(".nb-answer");
    table.setAttribute("aria-busy", "true");
    const first = await ask(answer, "rows", { start: 0 });
    const made = fragment(first.table).firstElementChild;
    const body = made.querySelector("tbody");
    for (let next = first.next; next < first.total; ) {
      const more = await ask(answer, "rows", { start: next });
      // In a table of its own: a fragment would drop rows that stand outside any.
      body.append(fragment(`<table><tbody>${more.rows}</tbody></table>`).querySelector("tbody"));
      body.append(...body.lastElementChild.rows);
      body.lastElementChild.remove();
      next = more.next;
    }
    delete made.dataset.partial;
    [...made.querySelectorAll(".nb-all-rows")].forEach((button) => button.closest(".nb-rest").remove());
    table.replaceWith(made);
    return made;
  }

  // ---- Cards: those that are wanted, in their order, and buttons where some are left out -----------------------------

  const cardsOf = (turn) => views.evidence.element.querySelector(`.nb-group[data-turn="${turn}"] .nb-cards`);
  const numbers = (cards) => [...cards.querySelectorAll(".nb-card")].map((card) => Number(card.dataset.n));

  async function loadCards(turn, start, end) {
    const answer = answerOf(turn);
    const cards = cardsOf(turn);
    if (!answer || !cards) return;
    const html = await ask(answer, "cards", { start, end });
    const found = [...fragment(html).children];
    // How many there are is known only when they come to an end.
    if ("more" in cards.dataset && found.length < end - start) {
      cards.dataset.total = Math.max(0, ...numbers(cards), ...found.map((card) => Number(card.dataset.n)));
      delete cards.dataset.more;
    }
    for (const card of found) {
      const n = Number(card.dataset.n);
      const later = [...cards.querySelectorAll(".nb-card")].find((other) => Number(other.dataset.n) >= n);
      if (Number(later?.dataset.n) === n) continue;
      cards.insertBefore(card, later ?? null);
    }
    markGaps(cards, turn);
  }

  function markGaps(cards, turn) {
    const answer = answerOf(turn);
    if (!answer) return;
    cards.querySelectorAll(".nb-more-cards").forEach((button) => button.remove());
    const total = "more" in cards.dataset ? Infinity : Number(cards.dataset.total ?? numbers(cards).length);
    const bounds = [0, ...numbers(cards), total + 1];
    for (let at = 1; at < bounds.length; at += 1) {
      const [from, to] = [bounds[at - 1] + 1, bounds[at] - 1];
      if (to < from) continue;
      const upto = Math.min(to, from + A_CALL - 1);
      const button = make("button", "nb-button nb-more-cards", fill(wordsOf(answer).more_cards, { from, to: upto }));
      Object.assign(button.dataset, { from, upto });
      const before = cards.querySelector(`.nb-card[data-n="${bounds[at]}"]`);
      cards.insertBefore(button, before);
    }
  }

  // The card of citation n, fetched with its neighbours where it isn't there yet.
  async function ensureCard(turn, n) {
    const id = `nb-card-${turn}-${n}`;
    if (!document.getElementById(id)) await loadCards(turn, Math.max(1, n - NEIGHBOURS), n + NEIGHBOURS);
    return document.getElementById(id);
  }

  // ---- The preview of a quote ----------------------------------------------------------------------------------------

  let preview = null;
  let wanted = null;
  function hidePreview() {
    clearTimeout(wanted);
    preview?.remove();
    preview = null;
  }
  function previewSoon(marker) {
    hidePreview();
    wanted = setTimeout(async () => {
      const card = await ensureCard(marker.dataset.turn, Number(marker.dataset.n)).catch(() => null);
      if (!card || !marker.isConnected || !(marker.matches(":hover") || marker === document.activeElement)) return;
      hidePreview();
      preview = make("div", "nb-preview");
      preview.id = "nb-preview";
      preview.setAttribute("role", "tooltip");
      const year = card.querySelector(".nb-year")?.textContent ?? "";
      const about = `${card.querySelector("h3").textContent} ${year}`;
      preview.append(make("strong", "", about), card.querySelector("blockquote").cloneNode(true));
      const box = marker.getBoundingClientRect();
      document.querySelector("#nb-page").append(preview);
      const left = Math.min(Math.max(8, box.left - 20), innerWidth - preview.offsetWidth - 8);
      const above = box.top - preview.offsetHeight - 6;
      preview.style.left = `${left}px`;
      preview.style.top = `${above > 8 ? above : box.bottom + 6}px`;
      marker.setAttribute("aria-describedby", "nb-preview");
    }, 250);
  }
  const markerAt = (event) => event.target instanceof Element && event.target.closest("#nb-thread .nb-ref");
  document.addEventListener("mouseover", (event) => {
    const marker = markerAt(event);
    if (marker && matchMedia("(hover: hover)").matches) previewSoon(marker);
  });
  document.addEventListener("mouseout", (event) => markerAt(event) && hidePreview());
  document.addEventListener("focusin", (event) => {
    const marker = markerAt(event);
    if (marker?.matches(":focus-visible") && !narrow()) previewSoon(marker);
  });
  document.addEventListener("focusout", (event) => markerAt(event) && hidePreview());
  document.addEventListener("scroll", hidePreview, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hidePreview());

  // ---- Reports without a value ---------------------------------------------------------------------------------------

  async function loadWithout(button) {
    const answer = button.closest(".nb-answer");
    const list = button.closest(".nb-without");
    button.disabled = true;
    const parts = [];
    for (let next = 0, total = 1; next < total; ) {
      const more = await ask(answer, "without", { start: next });
      parts.push(more.html);
      if (more.next <= next) break;
      ({ next, total } = more);
    }
    list.replaceChildren(fragment(parts.join("")));
  }

  // ---- Controls ------------------------------------------------------------------------------------------------------

  async function openControls(details) {
    const place = details.querySelector(".nb-controls");
    if (!details.open || place.firstElementChild || details.dataset.loading) return;
    details.dataset.loading = "";
    try {
      place.replaceChildren(fragment(await ask(details.closest(".nb-answer"), "controls")));
      place.querySelector("form")?.addEventListener("submit", answerAgain);
    } finally {
      delete details.dataset.loading;
    }
  }

  function formChanges(form) {
    const changes = { years: [], kinds: [], regions: [], bodies: [], names: [], excluded: [], metrics: [], criteria: [] };
    form.querySelectorAll("[name]").forEach((field) => {
      if (field.type === "checkbox" && !field.checked) return;
      if (field.closest("fieldset[hidden]")) return;
      if (Array.isArray(changes[field.name])) changes[field.name].push(field.value);
      else changes[field.name] = field.value;
    });
    return changes;
  }

  function changed(form) {
    const operation = form.querySelector("[name=operation]");
    const order = form.querySelector("[data-field=order]");
    if (order && operation) order.hidden = operation.value !== "top" && !(operation.value === "kept" && order.dataset.own);
    form.querySelector("[type=submit]").disabled = false;
    form.querySelector(".nb-refused")?.remove();
  }

  // A sentence beside the field that it is about, until something is changed.
  function refuse(form, sentence, field) {
    const beside = form.querySelector(`[data-field="${field}"] > div`) ?? form.querySelector(".nb-plan-foot");
    const said = make("span", "nb-refused", sentence);
    said.setAttribute("role", "alert");
    beside.append(said);
    beside.querySelector("input:not([type=hidden]), select, button")?.focus({ preventScroll: true });
    nianbao.scroll(said, "nearest");
  }

  async function answerAgain(event) {
    event.preventDefault();
    const form = event.currentTarget;
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      const answer = form.closest(".nb-answer");
      const turn = turnOf(answer);
      const { plan, question, refused, field } = await ask(answer, "plan_changed", { changes: formChanges(form) });
      if (refused) return refuse(form, refused, field);
      nianbao.conversation.replan(turn, plan, question);
    } catch {
      button.disabled = false;
    }
  }

  // Names to add.
  nianbao.combine("[data-suggest]", {
    isEager: true,
    offer: (box, text) => ask(box.closest(".nb-answer"), "suggest", { what: box.dataset.suggest, text }, { silent: true }),
    take: add,
    // Enter in such a box never sends the form.
    enter(box, [first]) {
      if (first) add(box, first);
      return true;
    },
  });
  function add(box, { value, label }) {
    const form = box.closest("form");
    const chip = make("span", "nb-piece");
    const field = make("input");
    Object.assign(field, { type: "hidden", name: box.dataset.suggest, value });
    const drop = make("button", "nb-piece-drop", "×");
    drop.setAttribute("aria-label", `× ${label}`);
    chip.append(field, label, drop);
    const there = [...form.querySelectorAll(`[name="${field.name}"]`)].some((other) => other.value === value);
    if (!there) box.before(chip);
    box.value = "";
    changed(form);
  }
  document.addEventListener("input", (event) => {
    const form = event.target.closest(".nb-plan");
    if (form && !event.target.matches("[data-suggest]")) changed(form);
  });

  // ---- Clicks: taken before the conversation's own, which would open a report for any click on a card ------------------

  const actions = {
    ".nb-piece-drop": (button) => {
      const form = button.closest("form");
      button.closest(".nb-piece").remove();
      changed(form);
    },
    ".nb-all-rows": (button) => {
      button.disabled = true;
      loadRows(button.closest(".nb-answer-table")).catch(() => { button.disabled = false; });
    },
    ".nb-all-without": (button) => loadWithout(button).catch(() => { button.disabled = false; }),
    ".nb-more-cards": (button) => {
      button.disabled = true;
      const { from, upto } = button.dataset;
      const turn = turnOf(button);
      loadCards(turn, Number(from), Number(upto) + 1)
        .then(() => document.getElementById(`nb-card-${turn}-${from}`)?.focus({ preventScroll: true }))
        .catch(() => { button.disabled = false; });
    },
    ".nb-unfold": (button) => {
      const card = button.closest(".nb-card");
      const open = card.classList.toggle("nb-unfolded");
      const answer = answerOf(card.dataset.turn);
      button.setAttribute("aria-expanded", String(open));
      if (answer) button.textContent = wordsOf(answer)[open ? "fold" : "unfold"];
    },
    "[data-partial] .nb-sortable th button": async (button) => {
      const column = button.closest("th").className;
      const made = await loadRows(button.closest(".nb-answer-table"));
      made.querySelector(`th[class="${column}"] button`)?.click();
    },
  };
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const marker = event.target.closest(".nb-ref");
    if (marker) {
      hidePreview();
      const { turn, n } = marker.dataset;
      if (document.getElementById(`nb-card-${turn}-${n}`) || !cardsOf(turn)) return;
      event.preventDefault();
      event.stopPropagation();
      ensureCard(turn, Number(n)).then((card) => card && marker.click()).catch(() => {});
      return;
    }
    for (const [selector, act] of Object.entries(actions)) {
      const target = event.target.closest(selector);
      if (!target) continue;
      event.preventDefault();
      event.stopPropagation();
      act(target);
      return;
    }
  }, { capture: true });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".nb-how")) openControls(event.target);
  }, { capture: true });

  // ---- New content -------------------------------------------------------------------------------------------------

  function prepare(root) {
    root.querySelectorAll(".nb-chart[aria-busy]").forEach((figure) => nearing.observe(figure));
    root.querySelectorAll(".nb-cards").forEach((cards) => markGaps(cards, turnOf(cards)));
  }
  function watch() {
    const roots = [views.thread.element, views.evidence.element];
    const observer = new MutationObserver((changes) => {
      const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node instanceof Element);
      if (added.some((node) => node.matches(".nb-answer, .nb-turn, .nb-group, .nb-groups, .nb-turns"))) roots.forEach(prepare);
    });
    roots.forEach((root) => {
      prepare(root);
      observer.observe(root, { childList: true, subtree: true });
    });
  }
  // Only the page that answers has a conversation.
  let isWatching = false;
  function begin() {
    if (isWatching || !views.thread || !views.evidence) return;
    isWatching = true;
    watch();
  }
  document.addEventListener("nb-ready", begin);
  if (document.documentElement.classList.contains("nb-ready")) begin();
})();
