// Under an answer about what reports say: the offer to have a language model read them one by one (nb/survey), how far
// that is, and how to stop it. What it found is the answer of a turn of its own, which is filled again when it is done.
(() => {
  const EVERY = 1000;
  let isOff = false;

  async function send(action, asked) {
    const response = await fetch("nb/survey", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ do: action, asked, lang: document.documentElement.lang }),
    });
    if (!response.ok) throw new Error("lost");
    const reply = await response.json();
    if ("ok" in reply) return reply.ok;
    throw new Error(reply.error);
  }

  // The place under an answer; its section stays while its content is made anew.
  function slot(target) {
    const answer = target.querySelector(".nb-answer");
    let found = answer?.querySelector(".nb-survey");
    if (!found && answer) {
      found = nianbao.make("div", "nb-survey");
      answer.append(found);
    }
    return found;
  }

  async function look({ position, target, asked }, before = "") {
    if (isOff || !target.isConnected) return;
    let found;
    try {
      found = await send("look", asked);
    } catch {
      // The program may be back in a while; what it reads is kept.
      if (before === "running") setTimeout(() => look({ position, target, asked }, before), 5 * EVERY);
      return;
    }
    if (found.state === "off") isOff = true;
    if (!target.isConnected || !("answered" in target.dataset)) return;
    // While the answer's text still grows there is nothing to add to it; it is placed again when it is whole.
    if (target.classList.contains("nb-busy")) return;
    if (before === "running" && found.state !== "running") return nianbao.conversation.refill(position);
    if (found.state === "off" || found.state === "none") return target.querySelector(".nb-survey")?.remove();
    const place = slot(target);
    if (!place) return;
    place.asked = asked;
    if (found.state !== "running" || !keepFocus(place, found.html)) place.replaceChildren(nianbao.fragment(found.html));
    if (found.state === "running") setTimeout(() => look({ position, target, asked }, "running"), EVERY);
  }

  // Whoever is on the stop button stays there while the rest is made anew.
  function keepFocus(place, html) {
    if (!place.contains(document.activeElement)) return false;
    const made = nianbao.fragment(html);
    const [old, fresh] = [place.querySelector("progress"), made.querySelector("progress")];
    if (!old || !fresh) return false;
    old.replaceWith(fresh);
    place.querySelector(".nb-soft")?.replaceWith(made.querySelector(".nb-soft"));
    return true;
  }

  async function begin(button) {
    const record = JSON.parse(button.dataset.record);
    button.disabled = true;
    const section = button.closest(".nb-turn");
    const own = button.closest(".nb-survey").asked;
    try {
      await send("begin", record);
    } catch (error) {
      nianbao.notice(error.message, { isError: true });
      button.disabled = false;
      return;
    }
    const isOwn = own.p?.aspect === "survey";
    if (isOwn) return look({ position: Number(section.dataset.turn), target: section, asked: own });
    showTurn(record);
  }

  // Another question may be on its way just then; the turn follows it.
  function showTurn(record) {
    if (!nianbao.conversation.ask(record.q, { plan: record.p })) setTimeout(showTurn, EVERY / 2, record);
  }

  async function stop(button) {
    button.disabled = true;
    await send("stop", button.closest(".nb-survey").asked).catch(() => { button.disabled = false; });
  }

  document.addEventListener("nb-placed", (event) => void look(event.detail));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-survey]");
    if (button?.dataset.survey === "begin") void begin(button);
    if (button?.dataset.survey === "stop") void stop(button);
  });
})();
