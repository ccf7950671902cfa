// The page that answers: a conversation, whose turns are asked over HTTP (nb/ask) and shown as the program renders them.
(() => {
  const { views, call, fragment, kept, learn, make, say, scroll, narrow } = nianbao;
  const root = document.documentElement;
  const SLOW = 4;
  // {id, revision, turns}: of each turn what `Asked.as_json` calls q and p; whether it leaned on those before it
  // (follows; unknown until it is answered); failed, stopped; and h, where its context is not what precedes it now.
  let current = kept.begin();
  let waiting = null;
  let editing = null;
  let begun = false;
  // Of the turns that are answered: the query of their links.
  let addresses = [];

  const button = (action, text, className = "") => {
    const made = make("button", className, text);
    made.dataset.action = action;
    return made;
  };
  const within = (selector) => views.thread.element.querySelector(selector);
  const box = () => views.composer.element.querySelector("textarea");
  const section = (position) => within(`.nb-turn[data-turn="${position}"]`);
  const group = (position) => views.evidence.element.querySelector(`.nb-group[data-turn="${position}"]`);

  // What a turn at `position` may lean on: the turns before it from the last one on that leaned on none.
  function history(position) {
    const said = [];
    for (let before = position - 1; before >= 0; before -= 1) {
      const turn = current.turns[before];
      if (turn.failed) continue;
      said.unshift(turn.p ?? turn.q);
      if (turn.h) return [...turn.h, ...said];
      if (turn.follows === false) break;
    }
    return said;
  }
  function asked(position) {
    const turn = current.turns[position];
    return { q: turn.q, p: turn.p ?? null, h: turn.follows === false ? [] : (turn.h ?? history(position)) };
  }

  // ---- Turns on the page -----------------------------------------------------------------------------------------

  function shell(position) {
    const made = make("section", "nb-turn");
    made.dataset.turn = position;
    made.append(make("h2", "nb-asked", current.turns[position].q), make("div", "nb-answer nb-unanswered"));
    return made;
  }

  // The section stays, so that what is on the screen doesn't move while what is above it is filled in.
  function fillSection(position, html, { changed = "", actions = "" } = {}) {
    const made = fragment(html).firstElementChild;
    const target = section(position);
    for (const { name, value } of made.attributes) target.setAttribute(name, value);
    target.classList.toggle("nb-current", shownTurn === position);
    target.replaceChildren(...made.childNodes);
    target.querySelector(".nb-asked")?.insertAdjacentHTML("afterend", changed);
    target.insertAdjacentHTML("beforeend", actions);
    return target;
  }

  function place(position, reply) {
    const target = fillSection(position, reply.turn, reply);
    target.dataset.answered = "";
    const groups = views.evidence.element.querySelector(".nb-groups");
    group(position)?.remove();
    groups.insertAdjacentHTML("beforeend", reply.evidence);
    if (group(position)) group(position).hidden = shownTurn !== position;
    addresses[position] = new URLSearchParams(reply.address).toString();
    const turn = current.turns[position];
    const before = JSON.stringify(turn);
    Object.assign(turn, { follows: reply.follows, failed: reply.failed });
    delete turn.stopped;
    if (JSON.stringify(turn) !== before) kept.write(current);
    // Observed anew, so that it is told of when it is far off by now.
    far.unobserve(target);
    far.observe(target);
    document.dispatchEvent(new CustomEvent("nb-placed", { detail: { position, target, asked: asked(position) } }));
  }

  // A turn without an answer: the sentence, and what can be done about it.
  function placeFailure(position, sentence, { isError = true } = {}) {
    const target = section(position);
    if (!target) return;
    const answer = make("div", "nb-answer");
    const said = make("p", isError ? "nb-error" : "nb-soft", sentence);
    if (isError) said.setAttribute("role", "alert");
    answer.append(said);
    const actions = make("div", "nb-actions");
    actions.append(button("retry", say("retry")), button("edit", say("edit")));
    target.classList.remove("nb-busy");
    target.replaceChildren(make("h2", "nb-asked", current.turns[position].q), answer, actions);
    group(position)?.remove();
  }

  let shownTurn = null;
  function show(position) {
    shownTurn = position;
    views.evidence.element.querySelectorAll(".nb-group").forEach((one) => {
      one.hidden = one.dataset.turn !== String(position);
    });
    views.thread.element.querySelectorAll(".nb-turn.nb-current").forEach((one) => one.classList.remove("nb-current"));
    section(position)?.classList.add("nb-current");
    if (position === null) return;
    if (addresses[position] !== undefined) setAddress(addresses[position]);
    if (!group(position)) fill(position);
  }

  // The address says what is shown, as a link that opens it again elsewhere.
  function setAddress(query) {
    const address = new URL(location.href);
    address.searchParams.delete("q");
    address.searchParams.delete("a");
    const given = new URLSearchParams(query);
    given.forEach((value, name) => address.searchParams.set(name, value));
    window.history.replaceState(window.history.state, "", address);
    kept.stay(current.turns.length ? current.id : null, given.toString());
  }

  // ---- Long conversations: a turn is answered when it comes near the screen, and emptied when it is far off ----------

  const unfilled = [];
  let filling = 0;
  function fill(position) {
    const turn = current.turns[position];
    const target = section(position);
    if (!target || "answered" in target.dataset || target.dataset.filling || waiting?.position === position) return;
    if (turn.stopped) return placeFailure(position, say("stopped"), { isError: false });
    target.dataset.filling = "";
    unfilled.push([current, position]);
    fillNext();
  }
  async function fillNext() {
    if (filling >= 2 || !unfilled.length) return;
    const [conversation, position] = unfilled.pop();
    const target = conversation === current ? section(position) : null;
    if (!target) return fillNext();
    // Whoever scrolls fast has passed it meanwhile: it is asked for when it comes near again.
    const { top, bottom } = target.getBoundingClientRect();
    if (position !== shownTurn && (bottom < -innerHeight || top > 2 * innerHeight)) {
      delete target.dataset.filling;
      return fillNext();
    }
    filling += 1;
    try {
      const reply = await call(views.thread, "answer", { asked: asked(position), turn: position }, { silent: true });
      if (conversation === current && section(position) && waiting?.position !== position) place(position, reply);
    } catch (error) {
      const sentence = error.message === "lost" ? say("not_reached") : error.message;
      if (conversation === current) placeFailure(position, sentence);
    } finally {
      filling -= 1;
      if (conversation === current) delete section(position)?.dataset.filling;
      fillNext();
    }
  }
  function empty(target) {
    const position = Number(target.dataset.turn);
    if (!("answered" in target.dataset) || waiting?.position === position || shownTurn === position) return;
    if (target.contains(document.activeElement) || target.contains(getSelection().anchorNode)) return;
    const made = shell(position);
    const height = target.offsetHeight;
    target.style.minHeight = `${height}px`;
    target.className = "nb-turn";
    delete target.dataset.answered;
    target.replaceChildren(...made.childNodes);
    group(position)?.remove();
    // Observed anew, so that it is told of when it is near already.
    near.unobserve(target);
    near.observe(target);
  }

  const idle = { observe() {}, unobserve() {}, disconnect() {} };
  let near = idle;
  let far = idle;
  function watchScrolling() {
    near.disconnect();
    far.disconnect();
    const scroller = narrow() ? null : views.thread.root;
    near = new IntersectionObserver(
      (entries) => entries.forEach((one) => one.isIntersecting && fill(Number(one.target.dataset.turn))),
      { root: scroller, rootMargin: "300px 0px" },
    );
    far = new IntersectionObserver(
      // A turn that has gone, with the turns after an edited question, is told of as being far off.
      (entries) => entries.forEach((one) => one.isIntersecting || !one.target.isConnected || empty(one.target)),
      { root: scroller, rootMargin: "4000px 0px" },
    );
    views.thread.element.querySelectorAll(".nb-turn").forEach((one) => {
      near.observe(one);
      far.observe(one);
    });
  }

  // ---- Asking ------------------------------------------------------------------------------------------------------

  function ask(question, { plan = null } = {}) {
    if (waiting || !question.trim()) return false;
    if (editing !== null) fork(editing);
    nianbao.dismiss();
    closeReader(false);
    current.turns.push({ q: question.trim(), p: plan });
    root.classList.remove("nb-empty");
    const position = current.turns.length - 1;
    const made = shell(position);
    within(".nb-turns").append(made);
    near.observe(made);
    kept.write(current);
    const simple = !plan && position === 0;
    setAddress(simple ? new URLSearchParams({ q: question.trim() }).toString() : "");
    answer(position);
    return true;
  }

  // The turn is answered, or answered again, in its place.
  async function answer(position) {
    if (waiting) return;
    const turn = current.turns[position];
    const mine = { position, conversation: current, controller: new AbortController(), since: Date.now() };
    waiting = mine;
    const target = section(position);
    const words = make("p", "nb-asking", say("asking"));
    if (target.querySelector(".nb-unanswered, .nb-error") || turn.failed || turn.stopped) {
      const empty = shell(position);
      target.replaceChildren(...empty.childNodes);
      target.querySelector(".nb-answer").classList.remove("nb-unanswered");
    }
    target.classList.add("nb-busy");
    target.querySelector(".nb-answer").prepend(words);
    root.classList.add("nb-waiting");
    tell(say("asking"));
    scroll(target, "start");
    mine.timer = setInterval(() => {
      const seconds = Math.floor((Date.now() - mine.since) / 1000);
      if (seconds >= SLOW) words.textContent = say("asking_long", { seconds });
    }, 500);
    try {
      await requestReplies({ asked: asked(position), turn: position, lang: root.lang }, mine);
    } catch {
      if (waiting !== mine) return;
      finish(mine);
      turn.failed = true;
      kept.write(current);
      placeFailure(position, say("not_reached"));
      show(position);
      scroll(section(position), "nearest");
    }
  }

  async function requestReplies(request, mine) {
    const response = await fetch("nb/ask", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
      signal: mine.controller.signal,
    });
    if (!response.ok) throw new Error(String(response.status));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      const lines = (rest + (value ?? "")).split("\n");
      rest = lines.pop();
      lines.filter(Boolean).forEach((line) => receive(JSON.parse(line), mine));
      if (done) break;
    }
    if (waiting === mine) throw new Error("cut short");
  }

  // A partial reply is shown until the whole one comes: the built-in answer with all that belongs to it, then turns
  // whose text grows, of which the rest (chart, table, controls) stays as it stands.
  function receive(reply, mine) {
    if (waiting !== mine) return;
    const { position } = mine;
    if (reply.partial) {
      mine.hasAnswer ||= Boolean(reply.actions);
      if (reply.actions) {
        place(position, reply);
        show(position);
        tell(reply.said);
      } else if (reply.turn && mine.hasAnswer) {
        growText(section(position), fragment(reply.turn));
      } else if (reply.turn) {
        fillSection(position, reply.turn);
      }
      section(position).classList.add("nb-busy");
      return;
    }
    finish(mine);
    shownTurn = position;
    place(position, reply);
    show(position);
    scroll(section(position), "start");
    tell(reply.said);
  }

  function growText(target, grown) {
    for (const part of [".nb-text", ".nb-worded"]) {
      const [old, made] = [target.querySelector(part), grown.querySelector(part)];
      if (old && made) old.replaceWith(made);
    }
  }

  function finish(mine) {
    clearInterval(mine.timer);
    waiting = null;
    root.classList.remove("nb-waiting");
    const target = mine.conversation === current && section(mine.position);
    target?.classList?.remove("nb-busy");
    target?.querySelector?.(".nb-asking")?.remove();
    if (!narrow() && document.activeElement === document.body) box().focus({ preventScroll: true });
  }

  function stop() {
    const mine = waiting;
    if (!mine) return;
    finish(mine);
    mine.controller.abort();
    if (mine.conversation !== current) return;
    const turn = current.turns[mine.position];
    if (mine.hasAnswer) return void keepBuiltIn(mine.position);
    Object.assign(turn, { failed: true, stopped: true });
    kept.write(current);
    placeFailure(mine.position, say("stopped"), { isError: false });
    delete section(mine.position).dataset.answered;
    tell(say("stopped"));
    show(mine.position);
    if (!narrow()) box().focus({ preventScroll: true });
  }

  // The wording was stopped, not the answer: it is shown in the program's own words.
  function keepBuiltIn(position) {
    section(position).querySelector(".nb-growing")?.remove();
    delete section(position).dataset.answered;
    tell(say("stopped"));
    fill(position);
    if (!narrow()) box().focus({ preventScroll: true });
  }

  // The answer to a turn has become another one, without being asked again.
  function refill(position) {
    delete section(position)?.dataset.answered;
    fill(position);
  }

  // What leaned on a turn that is about to change keeps the context that its answer has.
  function holdFollowers(position) {
    for (let later = position + 1; later < current.turns.length; later += 1) {
      const turn = current.turns[later];
      if (turn.follows === false) break;
      if (!turn.failed) turn.h ??= history(later);
    }
  }
  function replan(position, plan) {
    if (waiting) return;
    nianbao.dismiss();
    holdFollowers(position);
    current.turns[position].p = plan;
    kept.write(current);
    answer(position);
  }
  function retry(position) {
    if (waiting) return;
    if (current.turns[position].failed) holdFollowers(position);
    answer(position);
  }

  // A question changed: the conversation up to it goes on in a new one.
  function edit(position) {
    editing = position;
    views.composer.element.querySelector(".nb-editing").hidden = false;
    box().value = current.turns[position].q;
    grow();
    box().focus();
    box().setSelectionRange(box().value.length, box().value.length);
  }
  function keepAsWas() {
    if (editing === null) return;
    editing = null;
    views.composer.element.querySelector(".nb-editing").hidden = true;
    box().value = "";
    grow();
  }
  function fork(position) {
    const turns = current.turns.slice(0, position).map((turn) => ({ ...turn }));
    current = { ...kept.begin(), turns };
    addresses = addresses.slice(0, position);
    for (const view of [views.thread, views.evidence]) {
      view.element.querySelectorAll("[data-turn]:is(.nb-turn, .nb-group)").forEach((one) => {
        if (Number(one.dataset.turn) < position) return;
        near.unobserve(one);
        far.unobserve(one);
        one.remove();
      });
    }
    editing = null;
    views.composer.element.querySelector(".nb-editing").hidden = true;
  }

  // ---- Conversations -----------------------------------------------------------------------------------------------

  function open(conversation) {
    if (waiting) {
      const mine = waiting;
      finish(mine);
      mine.controller.abort();
    }
    closeReader(false);
    keepAsWas();
    current = conversation;
    addresses = [];
    shownTurn = null;
    within(".nb-turns").replaceChildren(...current.turns.map((_, position) => shell(position)));
    views.evidence.element.querySelectorAll(".nb-group").forEach((one) => one.remove());
    root.classList.toggle("nb-empty", !current.turns.length);
    nianbao.list.close();
    if (!current.turns.length) nianbao.list.showRecent();
  }
  function begin() {
    open(kept.begin());
    setAddress("");
    watchScrolling();
    if (!narrow()) box().focus({ preventScroll: true });
  }
  function resume(conversation, address = "") {
    open(conversation);
    setAddress(address);
    const last = current.turns.length - 1;
    section(last).scrollIntoView({ block: "start" });
    show(last);
    watchScrolling();
    if (!narrow()) box().focus({ preventScroll: true });
  }
  async function openLink(given) {
    open(kept.begin());
    watchScrolling();
    if (given.has("q")) return void ask(given.get("q"));
    let turns;
    try {
      turns = await call(views.thread, "reopen", { token: given.get("a") });
    } catch {
      return begin();
    }
    const last = turns.pop();
    open({ ...current, turns });
    watchScrolling();
    ask(last.q, { plan: last.p });
  }

  function start() {
    if (begun || !root.classList.contains("nb-ready") || !within(".nb-turns") || !box()) return;
    if (!views.evidence.element.querySelector(".nb-groups")) return;
    begun = true;
    learn(JSON.parse(within("[data-words]").dataset.words));
    const query = new URL(location.href).searchParams;
    const name = ["q", "a"].find((one) => query.get(one)?.trim());
    const given = new URLSearchParams(name ? { [name]: query.get(name) } : {});
    const here = kept.here();
    const before = here.id && kept.read(here.id);
    if (name && !(before && here.address === given.toString())) openLink(given);
    else if (before) resume(before, here.address);
    else begin();
    matchMedia("(max-width: 900px)").addEventListener("change", watchScrolling);
  }

  // ---- Evidence and the report -------------------------------------------------------------------------------------

  let opened = null;
  const unchoose = () => document.querySelectorAll(".nb-chosen").forEach((one) => one.classList.remove("nb-chosen"));

  function showCard(turn, n) {
    closeReader(false);
    show(Number(turn));
    const card = document.getElementById(`nb-card-${turn}-${n}`);
    if (!card) return;
    unchoose();
    card.classList.add("nb-chosen");
    scroll(card, narrow() ? "center" : "nearest");
    card.focus({ preventScroll: true });
  }

  function showMarker(card) {
    const { turn, n } = card.dataset;
    const target = section(turn).querySelector(`.nb-ref[data-n="${n}"]`) || section(turn);
    scroll(target, "center");
    target.focus({ preventScroll: true });
  }

  async function openReport(card) {
    unchoose();
    card.classList.add("nb-chosen");
    const { turn, n } = card.dataset;
    const html = await call(views.thread, "open_report", { asked: asked(Number(turn)), n: Number(n) }).catch(() => "");
    if (!html) return;
    opened = card;
    views.reader.element.innerHTML = html;
    root.classList.add("nb-reading");
    views.reader.element.querySelector(".nb-back").focus({ preventScroll: true });
    const mark = views.reader.element.querySelector("mark.nb-cell, mark.nb-cited");
    requestAnimationFrame(() => (mark || views.reader.element).scrollIntoView({ block: mark ? "center" : "start" }));
  }

  function closeReader(restore) {
    if (!root.classList.contains("nb-reading")) return;
    root.classList.remove("nb-reading");
    if (restore && opened?.isConnected) {
      scroll(opened, "nearest");
      opened.querySelector(".nb-open").focus({ preventScroll: true });
    }
  }

  // ---- What a person does ------------------------------------------------------------------------------------------

  const tell = (text) => {
    views.composer.element.querySelector("#nb-said").textContent = text;
  };

  async function copyAnswer(position) {
    const { text, html } = await call(views.thread, "copied", { asked: asked(position), turn: position });
    await nianbao.copy(text, html);
  }

  const actions = {
    retry: (position) => retry(position),
    edit: (position) => edit(position),
    undo: (position) => replan(position, null),
    copy: (position) => void copyAnswer(position).catch(() => {}),
    link: (position) => void nianbao.copy(new URL(`?${addresses[position]}`, document.baseURI).href, null, say("linked")),
    new: begin,
    stop,
    keep: keepAsWas,
  };

  function click(event) {
    const target = event.target;
    const acting = target.closest("[data-action]");
    if (acting && actions[acting.dataset.action]) {
      return actions[acting.dataset.action](Number(acting.closest(".nb-turn")?.dataset.turn));
    }
    const marker = target.closest(".nb-ref");
    if (marker) {
      event.preventDefault();
      return showCard(marker.dataset.turn, marker.dataset.n);
    }
    const more = target.closest(".nb-more");
    if (more) {
      const rest = more.nextElementSibling;
      rest.hidden = !rest.hidden;
      return more.setAttribute("aria-expanded", String(!rest.hidden));
    }
    const offered = target.closest("[data-ask]");
    if (offered) return void ask(offered.dataset.ask);
    if (target.closest(".nb-back")) return closeReader(true);
    const card = target.closest(".nb-card");
    if (target.closest(".nb-up")) return showMarker(card);
    // Someone who selects words of a quote to copy them doesn't want the report.
    if (card && !target.closest("a, button:not(.nb-open), details") && !String(getSelection())) return void openReport(card);
    const turn = target.closest(".nb-turn");
    const isIdle = !target.closest("a, button, input, select, summary") && !String(getSelection());
    if (turn && isIdle && Number(turn.dataset.turn) !== shownTurn) show(Number(turn.dataset.turn));
  }

  function grow() {
    box().style.height = "auto";
    box().style.height = `${box().scrollHeight + 2}px`;
  }
  function send() {
    if (ask(box().value)) {
      box().value = "";
      grow();
      // A phone's keyboard would cover the answer.
      if (narrow()) box().blur();
    }
  }

  // Up and down in a box that is empty, or holds a question brought back, go through the questions asked.
  let recalled = null;
  function recall(step) {
    const asked = current.turns.map((turn) => turn.q);
    const untouched = recalled !== null && box().value === asked[recalled];
    if (!untouched) recalled = null;
    if (box().value && !untouched) return false;
    const next = (recalled ?? asked.length) + step;
    if (next < 0 || next > asked.length || !asked.length) return false;
    recalled = next === asked.length ? null : next;
    box().value = recalled === null ? "" : asked[recalled];
    grow();
    return true;
  }

  function typed(event) {
    // Enter also takes what an input method offers: that is no wish to send.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      return send();
    }
    if (event.isComposing || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") keepAsWas();
    if (event.key === "ArrowUp" && recall(-1)) event.preventDefault();
    if (event.key === "ArrowDown" && recalled !== null && recall(1)) event.preventDefault();
  }

  document.addEventListener("keydown", (event) => {
    if (!views.thread) return;
    if (event.key === "Escape") {
      closeReader(true);
      document.querySelectorAll("#nb-page .nb-menu[open]").forEach((menu) => {
        if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
        menu.open = false;
      });
    }
    const isFree = !event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && isFree && !event.ctrlKey && !event.altKey && !event.metaKey && box()) {
      event.preventDefault();
      box().focus();
    }
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("#nb-page .nb-menu[open]").forEach((menu) => {
      if (!menu.contains(event.target) || event.target.closest("a")) menu.open = false;
    });
  });

  document.addEventListener("nb-ready", () => views.thread && start());
  const part = {
    start: (view) => view.element.addEventListener("click", click),
    refresh: start,
  };
  nianbao.page("thread", {
    ...part,
    start(view) {
      root.classList.add("nb-empty");
      part.start(view);
    },
  });
  nianbao.page("evidence", part);
  nianbao.page("reader", part);
  nianbao.page("composer", {
    start(view) {
      part.start(view);
      view.element.addEventListener("submit", (event) => {
        event.preventDefault();
        send();
      });
      view.element.addEventListener("keydown", (event) => event.target === box() && typed(event));
      view.element.addEventListener("input", grow);
    },
    refresh: start,
  });
  nianbao.conversation = {
    ask,
    replan,
    refill,
    begin,
    resume,
    get current() { return current; },
  };
})();
