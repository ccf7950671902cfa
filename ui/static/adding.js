// The page that takes in reports: sends files one by one, shows what was understood of them, follows what goes in.
(() => {
  const { fill, fragment, make } = nianbao;
  const AT_A_TIME = 3;
  const SOON = 600, LATER = 5000, QUIET_SPELL = 2000;
  let view, root, words, limits;
  let waiting = [], sending = new Map(), refused = [], sent = 0, total = 0;
  let version = -1, timer = null, looking = false, page = 1, review = null, fingerprint = "";
  let editing = null, removing = null, lastSaid = "", saidAt = 0;

  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const act = (name) => root.querySelector(`[data-act="${name}"]`);
  const say = (key, values) => fill(words[key], values);
  const call = (name, request, options) => nianbao.call(view, name, request, options);

  // Sending

  // A file and the path that it is called by: with the folders that it was dropped in.
  function add(found) {
    const files = found.filter(({ file, path }) => {
      const ending = /\.[^./]+$/.exec(path.toLowerCase())?.[0] ?? "";
      if (!(ending in limits) || file.size <= limits[ending]) return true;
      refuse({ file, path }, say("too_large", { name: path, most: Math.floor(limits[ending] / 1048576) }), false);
      return false;
    });
    if (!found.length) nianbao.notice(say("nothing_dropped"));
    total += files.length;
    waiting.push(...files);
    addEventListener("beforeunload", warn);
    pump();
  }

  const warn = (event) => event.preventDefault();

  function pump() {
    while (sending.size < AT_A_TIME && waiting.length) send(waiting.shift());
    showUploads();
    if (!sending.size && !waiting.length && total) {
      removeEventListener("beforeunload", warn);
      announce(say("uploaded", { n: sent }));
      sent = total = 0;
      look();
    }
  }

  function send(one) {
    const request = new XMLHttpRequest();
    const line = make("li", "", one.path);
    const bar = make("progress");
    bar.max = one.file.size || 1;
    bar.value = 0;
    bar.setAttribute("aria-label", one.path);
    line.append(bar);
    sending.set(one, { request, line });
    const query = new URLSearchParams({ name: one.path, lang: document.documentElement.lang });
    request.open("PUT", `nb/uploads?${query}`);
    request.setRequestHeader("x-nianbao-upload", "1");
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => { bar.value = event.loaded; });
    request.addEventListener("loadend", () => {
      sending.delete(one);
      if (request.status === 200) sent += 1;
      else if (request.status) refuse(one, reason(request), false);
      else if (!one.cancelled) refuse(one, say("lost"), true);
      pump();
      look();
    });
    request.send(one.file);
  }

  function reason(request) {
    try { return JSON.parse(request.responseText).error ?? say("lost"); } catch { return say("lost"); }
  }

  function refuse(one, why, again) {
    refused.push({ one, why, again });
    showUploads();
  }

  function showUploads() {
    const busy = sending.size + waiting.length;
    part("uploading").hidden = !busy;
    const done = total - busy;
    part("uploading-count").textContent = say("uploading", { done, total });
    part("uploading-bar").max = total || 1;
    part("uploading-bar").value = done;
    const list = part("uploading-files");
    for (const line of [...list.children]) if (![...sending.values()].some((s) => s.line === line)) line.remove();
    for (const { line } of sending.values()) if (!line.isConnected) list.append(line);
    part("refused").hidden = !refused.length;
    part("refused-files").replaceChildren(...refused.slice(0, 50).map(({ one, why }) => {
      const line = make("li", "nb-added-problem");
      line.append(make("b", "", one.path), ` — ${why}`);
      return line;
    }));
    act("retry-uploads").hidden = !refused.some(({ again }) => again);
    act("retry-uploads").textContent = say("retry_uploads");
  }

  function cancelUploads() {
    total -= waiting.length + sending.size;
    waiting = [];
    for (const [one, { request }] of [...sending]) {
      one.cancelled = true;
      request.abort();
    }
    total = Math.max(total, sent);
    pump();
  }

  // What was dropped: folders are gone through, whose listing comes in portions.
  async function dropped(transfer) {
    const entries = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
    const found = [];
    let unreadable = false;
    const walk = async (entry) => {
      if (entry instanceof File) return found.push({ file: entry, path: entry.name });
      try {
        if (entry.isFile) {
          const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
          return found.push({ file, path: entry.fullPath.replace(/^\//, "") });
        }
        const reader = entry.createReader();
        for (;;) {
          const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
          if (!some.length) return;
          for (const inner of some) await walk(inner);
        }
      } catch {
        unreadable = true;
      }
    };
    for (const entry of entries) if (entry) await walk(entry);
    if (unreadable) nianbao.notice(say("unreadable_folder"), { isError: true });
    add(found);
  }

  // Looking at the server's state

  async function look() {
    clearTimeout(timer);
    if (looking) { timer = setTimeout(look, SOON / 2); return; }
    looking = true;
    let busy = false;
    try {
      const seen = {};
      for (const row of part("rows").children) seen[row.dataset.file] = Number(row.dataset.version);
      const state = await call("look", { version, seen, page, filter: root.querySelector("#nb-filter").value }, { silent: true });
      busy = state.busy;
      version = state.version;
      if (state.changed) show(state);
    } catch {
      busy = false;
    }
    looking = false;
    clearTimeout(timer);
    timer = setTimeout(look, busy || sending.size ? SOON : LATER);
  }

  const lookAnew = () => { version = -1; return look(); };

  // Politely: the same words never twice, and not with every file.
  function announce(text) {
    if (!text || text === lastSaid || Date.now() - saidAt < QUIET_SPELL) return;
    lastSaid = text;
    saidAt = Date.now();
    part("announced").textContent = text;
  }

  function show(state) {
    document.querySelector(".nb-corpus")?.replaceChildren(state.corpus);
    showReview(state.review);
    showJobs(state.jobs);
    announce(state.announce);
    if (state.jobs.some((job) => job.state === "running" || job.state === "waiting")) return;
    if (fingerprint && state.fingerprint !== fingerprint) showFiles().catch(() => {});
    fingerprint = state.fingerprint;
  }

  function showReview(now) {
    review = now;
    part("review").hidden = !now;
    if (!now) { part("rows").replaceChildren(); return; }
    page = now.page;
    part("status").textContent = now.status;
    part("reading-bar").max = now.files || 1;
    part("reading-bar").value = now.read;
    part("reading-bar").setAttribute("aria-label", now.status);
    part("reading-bar").hidden = now.read === now.files;
    const take = act("take");
    take.textContent = now.take;
    take.disabled = !now.can_take;
    part("nothing").hidden = !now.nothing;
    part("nothing").textContent = now.nothing;
    part("pager").hidden = now.pages === 1;
    part("page-of").textContent = now.page_of;
    act("previous").disabled = now.page === 1;
    act("next").disabled = now.page === now.pages;
    const list = part("rows");
    const held = new Map([...list.children].map((row) => [Number(row.dataset.file), row]));
    const focus = focused(list);
    now.rows.forEach((row, at) => {
      let element = held.get(row.number);
      if (row.html !== null) {
        const fresh = fragment(row.html).firstElementChild;
        element?.replaceWith(fresh);
        element = fresh;
      }
      if (element && list.children[at] !== element) list.insertBefore(element, list.children[at] ?? null);
    });
    while (list.children.length > now.rows.length) list.lastElementChild.remove();
    refocus(focus);
  }

  // What has the focus keeps it when its row or panel is put in anew.
  const NAMED = ["choose", "edit", "act"];
  function focused(list) {
    const element = document.activeElement;
    if (!element || !list.contains(element)) return null;
    const name = NAMED.find((key) => key in element.dataset);
    if (!name) return null;
    const batch = element.dataset.batch ? `[data-batch="${element.dataset.batch}"]` : "";
    return `[data-${name}="${element.dataset[name]}"]${batch}`;
  }
  function refocus(selector) {
    if (selector && document.activeElement === document.body) root.querySelector(selector)?.focus();
  }

  function showJobs(jobs) {
    const list = part("jobs");
    const focus = focused(list);
    const opened = new Map([...list.querySelectorAll("[data-job]")].map((job) => [job.dataset.job, job]));
    list.replaceChildren(...jobs.map((job) => {
      const former = opened.get(job.id);
      if (former && former.dataset.html === job.html) return former;
      const fresh = fragment(job.html).firstElementChild;
      fresh.dataset.html = job.html;
      return fresh;
    }));
    refocus(focus);
  }

  // The files of the index

  async function showFiles(toPage = 1, { keepAddress = false } = {}) {
    const form = part("files-form");
    const request = { q: form.elements.q.value.trim(), problems: form.elements.problems.checked, page: toPage };
    const html = await call("files", request);
    part("files").innerHTML = html;
    part("index-files").hidden = false;
    if (keepAddress) return;
    const address = new URL(location.href);
    const set = (name, value) => (value ? address.searchParams.set(name, value) : address.searchParams.delete(name));
    set("q", request.q);
    set("problems", request.problems ? "1" : "");
    set("page", toPage > 1 ? toPage : "");
    history.replaceState(history.state, "", address);
  }

  // Correcting what was understood

  function openEdit(button) {
    const dialog = part("edit");
    const form = dialog.querySelector("form");
    const said = button ? JSON.parse(button.dataset.said) : {};
    const read = button ? JSON.parse(button.dataset.read) : {};
    editing = { files: button ? [Number(button.dataset.edit)] : null };
    for (const field of form.elements) {
      if (!field.name) continue;
      field.value = said[field.name] ?? "";
      if (field.tagName === "INPUT") field.placeholder = read[field.name] || field.dataset.hint || "";
    }
    const kind = form.elements.kind;
    const readKind = [...kind.options].find((option) => option.value && option.value === read.kind);
    kind.options[0].dataset.plain ??= kind.options[0].textContent;
    kind.options[0].textContent = readKind ? `${kind.options[0].dataset.plain}（${readKind.textContent}）` : kind.options[0].dataset.plain;
    part("edit-problem").textContent = "";
    part("edit-name").textContent = button ? button.closest("li").querySelector(".nb-added-name").title : "";
    const lead = part("edit-lead");
    lead.textContent = button ? lead.dataset.one : fill(lead.dataset.many, { n: review.taken });
    dialog.showModal();
  }

  async function saveEdit(form) {
    const said = {};
    for (const field of form.elements) {
      if (field.name && (editing.files || field.value.trim())) said[field.name] = field.value.trim();
    }
    try {
      await call("correct", { batch: review.id, files: editing.files, said }, { silent: true });
      part("edit").close();
      look();
    } catch (error) {
      part("edit-problem").textContent = error.message;
    }
  }

  async function askRemove(report) {
    const told = await call("removal", { report });
    removing = report;
    part("remove-name").textContent = `${told.title}（${told.body}）`;
    part("remove-told").replaceChildren(...told.told.map((sentence) => make("li", "", sentence)));
    part("remove").showModal();
  }

  async function doRemove() {
    part("remove").close();
    const done = await call("remove", { report: removing });
    // Put back, the index is what it was when this was told last, and the list still has to be shown anew.
    fingerprint = "changed";
    await showFiles();
    nianbao.notice(done.said, done.batch && {
      action: say("undo"),
      onAction: async () => { nianbao.notice(await call("restore", { batch: done.batch })); lookAnew(); },
    } || {});
  }

  // What is pressed

  const acts = {
    "cancel-uploads": cancelUploads,
    "retry-uploads": () => {
      const again = refused.filter((one) => one.again).map(({ one }) => one);
      refused = refused.filter((one) => !one.again);
      add(again);
    },
    "hide-refused": () => { refused = []; showUploads(); },
    take: async () => { await call("take_in", { batch: review.id }); await lookAnew(); root.querySelector(".nb-job button")?.focus(); },
    "choose-all": async () => { await call("choose", { batch: review.id, files: null, chosen: true }); look(); },
    "leave-all": async () => { await call("choose", { batch: review.id, files: null, chosen: false }); look(); },
    "edit-all": () => openEdit(null),
    "discard-open": async (button) => {
      button.dataset.plain ??= button.textContent;
      if (button.dataset.armed) {
        await call("discard", { batch: review.id });
        lookAnew();
      } else {
        button.dataset.armed = "1";
        button.textContent = say("confirm_discard");
        setTimeout(() => { delete button.dataset.armed; button.textContent = button.dataset.plain; }, 4000);
        return;
      }
      delete button.dataset.armed;
      button.textContent = button.dataset.plain;
    },
    previous: () => { page -= 1; lookAnew(); },
    next: () => { page += 1; lookAnew(); },
    "close-dialog": (button) => button.closest("dialog").close(),
    take_in: async (button) => { await call("take_in", { batch: button.dataset.batch }); lookAnew(); },
    stop: async (button) => { await call("stop", { batch: button.dataset.batch }); lookAnew(); },
    discard: async (button) => { await call("discard", { batch: button.dataset.batch }); lookAnew(); },
  };

  function pressed(event) {
    const button = event.target.closest("button, a[data-files-page]");
    if (!button || !root.contains(button)) return;
    const { pick, edit, act: name, remove, forget, filesPage } = button.dataset;
    if (pick) root.querySelector(`[data-input="${pick}"]`).click();
    else if (edit) openEdit(button);
    else if (name) Promise.resolve(acts[name]?.(button)).catch(() => {});
    else if (remove) askRemove(remove).catch(() => {});
    else if (forget) call("forget", { file: forget }).then(async (said) => { await showFiles(); nianbao.notice(said); }).catch(() => {});
    else if (filesPage) { event.preventDefault(); showFiles(Number(filesPage)).catch(() => {}); }
  }

  function listen() {
    const drop = part("drop");
    let over = 0;
    const mark = (change) => { over = Math.max(0, over + change); drop.classList.toggle("nb-over", over > 0); };
    // All of the page takes what is dropped: else a near miss would make the browser leave the page for the file.
    const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
    addEventListener("dragenter", (event) => hasFiles(event) && mark(1));
    addEventListener("dragleave", (event) => hasFiles(event) && mark(-1));
    addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      over = 0;
      mark(0);
      dropped(event.dataTransfer);
    });
  }

  nianbao.page("adding", {
    refresh(given) {
      view = given;
      root = view.element.querySelector(".nb-adding");
      if (!root || root.dataset.started) return;
      root.dataset.started = "1";
      words = JSON.parse(root.dataset.words);
      limits = JSON.parse(root.dataset.limits);
      fingerprint = root.dataset.fingerprint;
      listen();
      root.addEventListener("click", pressed);
      root.addEventListener("change", (event) => {
        const { input, choose } = event.target.dataset;
        if (input) {
          add([...event.target.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
          event.target.value = "";
        } else if (choose) {
          call("choose", { batch: review.id, files: [Number(choose)], chosen: event.target.checked }).then(look).catch(() => {});
        } else if (event.target.id === "nb-filter") {
          page = 1;
          lookAnew();
        } else if (event.target.name === "problems") {
          showFiles().catch(() => {});
        }
      });
      root.addEventListener("submit", (event) => {
        event.preventDefault();
        if (event.target.matches("[data-part=files-form]")) showFiles().catch(() => {});
        else if (part("edit").contains(event.target)) saveEdit(event.target);
        else doRemove().catch(() => {});
      });
      // On a phone the long list waits, folded, unless the address asks for something in it.
      const isSought = ["q", "problems", "page"].some((name) => new URLSearchParams(location.search).has(name));
      part("files-fold").open = isSought || !nianbao.narrow();
      look();
    },
  });
})();
