// The page's own behaviour: markers lead to cards, cards open reports, the reading panel closes again.
// Gradio calls nianbao.attach for each of its views (header, thread, evidence, reader) once the view is there.
(() => {
  const views = {};
  const triggers = {};
  let opener = null;
  let opened = "";

  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scroll = (target, block) => target.scrollIntoView({ block, behavior: still() ? "auto" : "smooth" });
  const narrow = () => matchMedia("(max-width: 900px)").matches;

  function latestTurn() {
    const turns = views.thread ? views.thread.querySelectorAll(".nb-turn") : [];
    return turns.length ? turns[turns.length - 1] : null;
  }

  function showGroup(turn) {
    views.evidence?.querySelectorAll(".nb-group").forEach((group) => {
      group.hidden = group.dataset.turn !== String(turn);
    });
    views.thread?.querySelectorAll(".nb-turn").forEach((section) => {
      section.classList.toggle("nb-current", section.dataset.turn === String(turn));
    });
  }

  function showCard(turn, n) {
    closeReader(false);
    showGroup(turn);
    const card = document.getElementById(`nb-card-${turn}-${n}`);
    if (!card) return;
    document.querySelectorAll(".nb-chosen").forEach((other) => other.classList.remove("nb-chosen"));
    card.classList.add("nb-chosen");
    scroll(card, narrow() ? "center" : "nearest");
    card.focus({ preventScroll: true });
  }

  function showMarker(card) {
    const { turn, n } = card.dataset;
    const found = views.thread.querySelector(`.nb-ref[data-turn="${turn}"][data-n="${n}"]`);
    const target = found || views.thread.querySelector(`.nb-turn[data-turn="${turn}"]`);
    if (!target) return;
    scroll(target, "center");
    target.focus({ preventScroll: true });
  }

  function openReport(card) {
    // The reader keeps its content when it is closed, and Gradio doesn't tell of a value that stays the same.
    const same = opened === card.id && views.reader.querySelector(".nb-report");
    opener = card;
    opened = card.id;
    document.querySelectorAll(".nb-chosen").forEach((other) => other.classList.remove("nb-chosen"));
    card.classList.add("nb-chosen");
    if (same) return showReader();
    triggers.evidence("select", { turn: Number(card.dataset.turn), n: Number(card.dataset.n) });
  }

  function showReader() {
    const mark = views.reader.querySelector("mark.nb-cell, mark.nb-cited");
    if (!views.reader.querySelector(".nb-report")) return closeReader(false);
    document.documentElement.classList.add("nb-reading");
    views.reader.querySelector(".nb-back")?.focus({ preventScroll: true });
    requestAnimationFrame(() => (mark || views.reader).scrollIntoView({ block: mark ? "center" : "start" }));
  }

  function closeReader(restore) {
    if (!document.documentElement.classList.contains("nb-reading")) return;
    document.documentElement.classList.remove("nb-reading");
    if (restore && opener?.isConnected) {
      scroll(opener, "nearest");
      opener.querySelector(".nb-open")?.focus({ preventScroll: true });
    }
  }

  const refresh = {
    header() {
      const bar = views.header.querySelector(".nb-bar");
      if (!bar) return;
      document.documentElement.lang = bar.dataset.lang;
      document.title = bar.dataset.title;
    },
    thread() {
      const turn = latestTurn();
      document.documentElement.classList.toggle("nb-empty", !turn);
      if (!turn) return;
      showGroup(turn.dataset.turn);
      scroll(turn, "start");
    },
    evidence() {
      const turn = latestTurn();
      if (turn) showGroup(turn.dataset.turn);
      views.evidence.scrollTop = 0;
    },
    reader() {
      showReader();
    },
  };

  function click(name, event) {
    const target = event.target;
    const marker = target.closest(".nb-ref");
    if (marker) {
      event.preventDefault();
      return showCard(marker.dataset.turn, marker.dataset.n);
    }
    const more = target.closest(".nb-more");
    if (more) {
      const rest = more.nextElementSibling;
      rest.hidden = !rest.hidden;
      more.setAttribute("aria-expanded", String(!rest.hidden));
      return;
    }
    const asked = target.closest("[data-ask]");
    if (asked) return triggers[name]("select", { question: asked.dataset.ask });
    const action = target.closest("[data-action]");
    if (action) {
      closeReader(false);
      return triggers[name]("select", { action: action.dataset.action });
    }
    if (target.closest(".nb-back")) return closeReader(true);
    const card = target.closest(".nb-card");
    if (target.closest(".nb-up")) return showMarker(card);
    // Someone who selects words of a quote to copy them doesn't want the report.
    if (card && !String(getSelection())) return openReport(card);
    const turn = target.closest(".nb-turn");
    if (turn && !String(getSelection())) showGroup(turn.dataset.turn);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeReader(true);
  });

  window.nianbao = {
    attach(element, trigger, watch) {
      const holder = element.closest("[id^=nb-]");
      const name = holder.id.slice(3);
      views[name] = element;
      triggers[name] = trigger;
      if (name === "thread") element.setAttribute("aria-live", "polite");
      element.addEventListener("click", (event) => click(name, event));
      if (refresh[name]) {
        // The callback comes once the new content stands, or a moment before: two frames make sure.
        watch("value", () => requestAnimationFrame(() => requestAnimationFrame(refresh[name])));
        refresh[name]();
      }
    },
  };
})();
