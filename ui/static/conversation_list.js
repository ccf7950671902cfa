// The list of the conversations that this browser keeps, and the last few of them on the page that greets.
(() => {
  const { views, kept, make, say, notice } = nianbao;
  const RECENT = 3;
  const panel = () => views.thread.element.querySelector("#nb-kept");
  const opener = () => views.thread.element.querySelector('[data-action="list"]');

  const day = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" }).format(at);

  function entry(conversation, { canDelete = true } = {}) {
    const item = make("li", "nb-kept-one");
    const title = conversation.turns[0].q;
    const chosen = make("button", "nb-kept-open");
    chosen.append(
      make("span", "nb-kept-title", title),
      make("span", "nb-soft", `${day(conversation.at)} · ${say("turns", { n: conversation.turns.length })}`),
    );
    if (conversation.id === nianbao.conversation.current.id) chosen.setAttribute("aria-current", "true");
    chosen.addEventListener("click", () => nianbao.conversation.resume(kept.read(conversation.id) ?? conversation));
    item.append(chosen);
    if (canDelete) {
      const gone = make("button", "nb-quiet", say("delete"));
      gone.setAttribute("aria-label", say("delete_one", { title }));
      gone.addEventListener("click", () => drop(conversation));
      item.append(gone);
    }
    return item;
  }

  function drop(conversation) {
    const isOpen = conversation.id === nianbao.conversation.current.id;
    kept.drop(conversation.id);
    if (isOpen) {
      nianbao.conversation.begin();
      open();
    } else draw();
    opener().focus();
    // It comes back as what it was, though not among the newest.
    const restore = () => {
      kept.write({ ...conversation, revision: undefined });
      draw();
      nianbao.list.showRecent();
    };
    notice(say("deleted"), { action: say("undo"), onAction: restore });
  }

  function draw() {
    const all = kept.all();
    if (!all.length) return panel().replaceChildren(make("p", "nb-soft", say("none_kept")));
    const list = make("ul");
    list.append(...all.map((one) => entry(one)));
    const everything = make("button", "nb-quiet", say("delete_all"));
    let isSure = false;
    everything.addEventListener("click", () => {
      if (!isSure) {
        isSure = true;
        everything.textContent = say("delete_sure");
        return;
      }
      kept.all().forEach((one) => kept.drop(one.id));
      nianbao.conversation.begin();
    });
    const foot = make("p", "nb-kept-foot nb-soft", say("kept_here"));
    foot.append(everything);
    panel().replaceChildren(list, foot);
  }

  function open() {
    draw();
    panel().hidden = false;
    opener().setAttribute("aria-expanded", "true");
  }
  function close() {
    if (!panel() || panel().hidden) return;
    panel().hidden = true;
    opener().setAttribute("aria-expanded", "false");
  }

  function showRecent() {
    const place = views.thread.element.querySelector(".nb-recent");
    if (!place) return;
    const recent = kept.all().slice(0, RECENT);
    const list = make("ul");
    list.append(...recent.map((one) => entry(one, { canDelete: false })));
    place.replaceChildren(...(recent.length ? [make("p", "nb-try", say("recent")), list] : []));
  }

  document.addEventListener("click", (event) => {
    if (!views.thread || !panel()) return;
    if (event.target.closest('[data-action="list"]')) return panel().hidden ? open() : close();
    // What was clicked may have left the page meanwhile.
    if (event.target.isConnected && !panel().contains(event.target) && !event.target.closest(".nb-notice")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !views.thread || !panel() || panel().hidden) return;
    close();
    opener().focus();
  });

  nianbao.list = { close, showRecent };
})();
