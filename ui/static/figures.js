// The page of figures: what is chosen makes an address, and the address its table.
(() => {
  const { make } = nianbao;
  let root = null;
  let form = null;
  let view = null;
  let words = {};
  let query = {};
  let asked = 0;

  const LISTS = ["metrics", "years", "kinds", "places", "bodies"];
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const wait = (work, time) => {
    let timer = 0;
    return (...given) => {
      clearTimeout(timer);
      timer = setTimeout(work, time, ...given);
    };
  };

  // What the address says, and the address that says it.
  const read = () => {
    const given = Object.fromEntries(new URLSearchParams(location.search));
    delete given.lang;
    return given;
  };
  const address = (said) => {
    const params = new URLSearchParams(said);
    const language = new URLSearchParams(location.search).get("lang");
    if (language) params.set("lang", language);
    const text = params.toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
    return location.pathname + (text ? `?${text}` : "");
  };

  // The table of a query. Of several asked for at once, the last counts.
  async function show(said, { keep = "push", top = false } = {}) {
    const number = (asked += 1);
    const result = root.querySelector(".nb-f-result");
    result.setAttribute("aria-busy", "true");
    let reply;
    try {
      reply = await nianbao.call(view, "show", { query: said });
    } catch (error) {
      if (number !== asked) return;
      result.setAttribute("aria-busy", "false");
      const sentence = make("p", "nb-error", `${words.failed}${error.message}`);
      sentence.setAttribute("role", "alert");
      part("table").replaceChildren(sentence);
      return;
    }
    if (number !== asked) return;
    query = reply.query;
    result.querySelector(":scope > .nb-error")?.remove();
    const box = part("table").querySelector(".nb-f-pivot-box");
    const left = box?.scrollLeft ?? 0;
    // Escaped where it is made.
    for (const [name, html] of Object.entries(reply.parts)) part(name).innerHTML = html;
    const now = part("table").querySelector(".nb-f-pivot-box");
    if (now && !top) now.scrollLeft = left;
    if (top) nianbao.scroll(part("table"), "nearest");
    if (keep === "push") history.pushState(null, "", address(query));
    if (keep === "replace") history.replaceState(history.state, "", address(query));
    result.setAttribute("aria-busy", "false");
    draw(number);
  }

  async function draw(number) {
    const place = root.querySelector("[data-chart]");
    if (!place) return;
    const width = Math.round(place.getBoundingClientRect().width) || 700;
    try {
      const html = await nianbao.call(view, "chart", { query, width }, { silent: true });
      if (number === asked) place.innerHTML = html;
    } catch (error) {
      place.textContent = error.message;
    }
  }

  // What is chosen in the form, as a query; how the rows are looked at stays only where the table does.
  function chosen() {
    const said = {};
    for (const name of LISTS) {
      const boxes = [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);
      const chips = [...form.querySelectorAll(`.nb-f-chip[data-name="${name}"]`)].map((chip) => chip.dataset.value);
      const values = [...boxes, ...chips];
      if (values.length) said[name] = values.join(",");
    }
    // Metrics stay in the order in which they were chosen.
    if (said.metrics) {
      const before = (query.metrics ?? "applications_new").split(",");
      const all = said.metrics.split(",");
      said.metrics = [...before.filter((one) => all.includes(one)), ...all.filter((one) => !before.includes(one))].join(",");
    }
    for (const select of form.querySelectorAll("select")) if (select.value) said[select.name] = select.value;
    if (said.rows !== "region") delete said.level;
    const find = root.querySelector("#nb-find").value.trim();
    if (find) said.find = find;
    return said;
  }

  function choose() {
    const rows = form.querySelector("select[name=rows]").value;
    form.querySelector("select[name=level]").closest(".nb-field").hidden = rows !== "region";
    show(chosen());
  }

  const looked = (changes) => {
    const said = { ...query, ...changes };
    for (const name of Object.keys(said)) if (!said[name]) delete said[name];
    return said;
  };

  function addChip(name, value, label) {
    const chips = form.querySelector(`.nb-f-combo[data-name="${name}"] .nb-f-chips`);
    if ([...chips.children].some((chip) => chip.dataset.value === value)) return;
    const chip = make("button", "nb-f-chip");
    Object.assign(chip.dataset, { name, value });
    chip.setAttribute("aria-label", `${words.remove} ${label}`);
    chip.append(make("span", "", label));
    chips.append(chip);
    choose();
  }

  // Places and bodies that are typed. A body may also be called by words that fit several.
  const nameOf = (input) => input.closest(".nb-f-combo").dataset.name;
  nianbao.combine(".nb-f-combo input", {
    async offer(input, text) {
      const found = await nianbao.call(view, "suggest", { name: nameOf(input), text }, { silent: true });
      return found.map((option) => ({ ...option, about: option.hint }));
    },
    take: takeOffer,
    enter(input, [first]) {
      const text = input.value.trim();
      if (nameOf(input) === "bodies") {
        if (text) takeOffer(input, { value: text.replaceAll(",", " "), label: text });
      } else if (first) takeOffer(input, first);
      return true;
    },
  });
  function takeOffer(input, { value, label }) {
    const name = nameOf(input);
    input.value = "";
    addChip(name, value, name === "places" ? value.replaceAll("/", " ") : label);
  }

  function searchMetrics(text) {
    const wanted = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let any = false;
    form.querySelectorAll(".nb-f-metric-list section").forEach((section) => {
      let some = false;
      section.querySelectorAll("li").forEach((item) => {
        const fits = wanted.every((word) => item.dataset.find.includes(word));
        item.hidden = !fits;
        some ||= fits;
      });
      section.hidden = !some;
      any ||= some;
    });
    form.querySelector("[data-role=no-metric]").hidden = any;
  }

  function listen() {
    form = root.querySelector(".nb-f-choices");
    words = JSON.parse(form.dataset.words);
    form.querySelector("[data-role=metric-search]").addEventListener("input", (event) => searchMetrics(event.target.value));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => {
      if (event.target.name) choose();
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      root.querySelector("#nb-find").value = "";
      go({});
    });
    form.querySelector(".nb-f-choices-fold").addEventListener("click", (event) => {
      const open = form.dataset.open !== "true";
      form.dataset.open = String(open);
      event.currentTarget.setAttribute("aria-expanded", String(open));
    });
  }

  // To another table, what is chosen with it.
  async function go(said, keep = "push") {
    const open = form.dataset.open;
    const html = await nianbao.call(view, "controls", { query: said });
    form.insertAdjacentHTML("afterend", html);
    form.remove();
    listen();
    form.dataset.open = open;
    form.querySelector(".nb-f-choices-fold").setAttribute("aria-expanded", open);
    root.querySelector("#nb-find").value = said.find ?? "";
    await show(said, { keep });
  }

  async function unfold(details, page = 1) {
    const place = details.querySelector("div");
    const html = await nianbao.call(view, "silences", { query, metric: details.dataset.silences, page });
    place.querySelector("[data-more]")?.remove();
    place.insertAdjacentHTML("beforeend", html);
  }

  function click(event) {
    const target = event.target;
    const sort = target.closest("[data-sort-by]");
    if (sort) {
      const by = sort.dataset.sortBy;
      show(looked({ sort: by, order: sort.dataset.order, page: "" })).then(() => {
        part("table").querySelector(`[data-sort-by="${CSS.escape(by)}"]`)?.focus();
      });
      return;
    }
    const page = target.closest("[data-page]");
    if (page && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      return void show(looked({ page: page.dataset.page }), { top: true });
    }
    const more = target.closest("[data-more]");
    if (more) return void unfold(more.closest("details"), Number(more.dataset.more));
    const chip = target.closest(".nb-f-chip");
    if (chip) {
      if (chip.dataset.name !== "metrics") {
        chip.remove();
        return choose();
      }
      const box = [...form.querySelectorAll("input[name=metrics]")].find((one) => one.value === chip.dataset.value);
      if (box) box.checked = false;
      return choose();
    }
    const inside = target.closest('a[href^="figures?"]');
    if (inside && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      go(Object.fromEntries(new URL(inside.href).searchParams));
    }
  }

  nianbao.page("figures", {
    refresh(given) {
      const main = given.element.querySelector(".nb-figures");
      if (!main || !main.querySelector(".nb-f-choices") || main.dataset.attached) return;
      main.dataset.attached = "true";
      [view, root, query] = [given, main, read()];
      listen();
      root.addEventListener("click", click);
      root.addEventListener(
        "toggle",
        (event) => {
          const details = event.target;
          if (details.open && details.dataset.silences && !details.querySelector("li")) unfold(details);
        },
        true
      );
      root.querySelector("#nb-find").addEventListener(
        "input",
        wait((event) => show(looked({ find: event.target.value.trim(), page: "" }), { keep: "replace" }), 200)
      );
      if (main.dataset.error !== "true") show(query, { keep: "" });
      else part("table").replaceChildren();
    },
  });

  window.addEventListener("popstate", () => {
    if (root?.isConnected) go(read(), "");
  });
})();
