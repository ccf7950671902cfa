// Correcting a report from its page: the form, what it offers, its errors, undoing, and words selected in the text.
// After a correction the event "nianbao:corrected" tells the rest of the page; its detail has the report's id.
(() => {
  const { fill, fragment, signed } = nianbao;
  const LONGEST_QUOTE = 2000;

  const section = (element) => element.closest(".nb-corrections");
  const words = (element) => JSON.parse(section(element).dataset.words);

  function shownField(form) {
    return form.elements.field.value;
  }

  // Only the fields of what is corrected are shown.
  function choose(form) {
    form.querySelectorAll("[data-for]").forEach((part) => { part.hidden = part.dataset.for !== shownField(form); });
    clearErrors(form);
  }

  function clearErrors(form) {
    form.querySelectorAll("[data-error]").forEach((error) => { error.hidden = true; error.textContent = ""; });
    form.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
  }

  // The sentence is put beside the field that it is about, and that field gets the focus.
  function showProblem(form, { problem, about }) {
    const field = shownField(form);
    const name = about === "value" && field !== "figure" ? field : about;
    const error = form.querySelector(`[data-error="${name}"]`) ?? form.querySelector('[data-error=""]');
    error.textContent = problem;
    error.hidden = false;
    const input = form.elements[{ metric: "metric_name" }[name] ?? name];
    if (input?.setAttribute) {
      input.setAttribute("aria-invalid", "true");
      input.focus();
    }
  }

  const call = (name, request) => nianbao.call(nianbao.views.reports, name, request);

  function replace(old, { html, said }, focusOn) {
    const id = old.dataset.report;
    const fresh = fragment(html).firstElementChild;
    old.replaceWith(fresh);
    prepare(fresh);
    const done = fresh.querySelector(focusOn);
    if (done) {
      done.tabIndex = -1;
      done.focus({ preventScroll: true });
      nianbao.scroll(done, "center");
    }
    document.dispatchEvent(new CustomEvent("nianbao:corrected", { detail: { id, said } }));
  }

  async function submit(form) {
    clearErrors(form);
    const own = section(form);
    const field = shownField(form);
    const { elements } = form;
    const button = form.querySelector("[type=submit]");
    signed.set(elements.made_by.value.trim());
    button.disabled = true;
    const label = button.textContent;
    button.textContent = words(form).saving;
    try {
      const reply = await call("correct", {
        id: own.dataset.report,
        field,
        value: elements[field === "figure" ? "value" : field].value,
        metric: elements.metric_name.dataset.metric ?? "",
        unreadable: elements.unreadable.checked,
        quote: elements.quote.value,
        why: elements.why.value,
        made_by: elements.made_by.value,
      });
      if (reply.problem) showProblem(form, reply);
      else replace(own, reply, ".nb-done");
    } catch {
      // The notice says it.
    } finally {
      button.disabled = false;
      button.textContent = label;
    }
  }

  async function undo(button) {
    const own = section(button);
    button.disabled = true;
    try {
      const reply = await call("undo_correction", { id: own.dataset.report, number: Number(button.dataset.undo) });
      if (reply.problem) nianbao.notice(reply.problem, { isError: true });
      else replace(own, reply, ".nb-done");
    } catch {
      // The notice says it.
    } finally {
      button.disabled = false;
    }
  }

  nianbao.combine("#nb-correct-metric", {
    isEager: true,
    async offer(input, text) {
      const request = { id: section(input).dataset.report, q: text };
      const found = await nianbao.call(nianbao.views.reports, "figures_to_correct", request, { silent: true });
      return found.map((figure) => ({ ...figure, label: figure.name, about: figure.now }));
    },
    none: (input) => words(input).none,
    take(input, figure) {
      input.value = figure.name;
      input.dataset.metric = figure.metric;
      const now = input.closest(".nb-field").querySelector("[data-now]");
      now.textContent = fill(words(input).now, { value: figure.now }) + (figure.needs_quote ? ` ${words(input).needs_quote}` : "");
    },
  });

  // A report's page and its words, for the quote: what is selected there goes into the form that is open.
  function quoteSelection() {
    const selection = document.getSelection();
    const form = document.querySelector("#nb-page .nb-correct[open] form");
    if (!form || shownField(form) !== "figure" || !selection || selection.isCollapsed || !selection.rangeCount) return;
    const place = selection.getRangeAt(0).commonAncestorContainer;
    const element = place.nodeType === Node.ELEMENT_NODE ? place : place.parentElement;
    if (!element?.closest(".nb-report")) return;
    const chosen = selection.toString().trim();
    if (chosen && chosen.length <= LONGEST_QUOTE) form.elements.quote.value = chosen;
  }

  function prepare(own) {
    const form = own.querySelector("form");
    if (!form || form.dataset.ready) return;
    form.dataset.ready = "1";
    form.elements.made_by.value = signed.get();
    choose(form);
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".nb-correct") && event.target.open) prepare(section(event.target));
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.(".nb-correct form");
    if (!form) return;
    event.preventDefault();
    submit(form);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".nb-corrections [data-undo]");
    if (button) undo(button);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.(".nb-correct form");
    if (!form) return;
    if (event.target.name === "field") choose(form);
    if (event.target.name === "unreadable") form.elements.value.disabled = event.target.checked;
  });
  // A name that is changed is no longer the one that was chosen.
  document.addEventListener("input", (event) => {
    if (event.target.id === "nb-correct-metric") delete event.target.dataset.metric;
  });
  document.addEventListener("selectionchange", () => {
    clearTimeout(quoteSelection.waiting);
    quoteSelection.waiting = setTimeout(quoteSelection, 250);
  });
})();
