// Text boxes that offer what can be put into them: arrow keys, Enter and Escape as in any combobox. A script says once,
// for all the boxes that a selector finds, what they offer; the boxes are HTML with role="combobox" and
// aria-expanded="false". The list of offers stands in the page only while it is open.
(() => {
  const { make, say } = nianbao;
  const PAUSE = 150;
  const kinds = [];
  let made = 0;
  let asked = 0;
  let timer = 0;
  // {input, list, options, at, isStale}: stale from when the words change until what is offered for them has come.
  let open = null;

  // Each kind of box has
  //   offer(input, text): a promise of the options, [{label, about, …}];
  //   take(input, option): one was chosen;
  //   isEager: whether it offers something before anything is typed;
  //   none(input): the sentence where nothing fits, if there is a better one than that of all;
  //   enter(input, options): Enter without a chosen one; true where that has done something.
  function combine(selector, kind) {
    kinds.push([selector, kind]);
  }
  const kindOf = (element) => element instanceof Element && kinds.find(([selector]) => element.matches(selector))?.[1];

  function close() {
    asked += 1;
    clearTimeout(timer);
    if (!open) return;
    const { input, list } = open;
    open = null;
    list.remove();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-controls");
    input.removeAttribute("aria-activedescendant");
  }

  async function offer(input, kind) {
    const number = (asked += 1);
    const text = input.value.trim();
    if (!text && !kind.isEager) return close();
    const options = await kind.offer(input, text).catch(() => null);
    if (number !== asked || document.activeElement !== input) return;
    close();
    if (options) show(input, kind, options);
  }

  function show(input, kind, options) {
    const list = make("ul", "nb-offers");
    list.id = `nb-offers-${(made += 1)}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.getAttribute("aria-label") ?? input.labels[0].textContent);
    const items = options.map(({ label, about }, at) => {
      const item = make("li");
      item.id = `${list.id}-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(make("span", "", label));
      if (about) item.append(" ", make("small", "", about));
      return item;
    });
    list.append(...items);
    if (!items.length) {
      const none = make("li", "", kind.none?.(input) ?? say("no_such_name"));
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      list.append(none);
    }
    // The box keeps the focus: losing it closes the list.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      event.stopPropagation();
      const at = items.indexOf(event.target.closest("li"));
      if (at >= 0) take(input, kind, options[at]);
    });
    list.style.top = `${input.offsetTop + input.offsetHeight + 3}px`;
    list.style.left = `${input.offsetLeft}px`;
    list.style.minWidth = `${input.offsetWidth}px`;
    input.after(list);
    list.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-expanded", "true");
    input.setAttribute("aria-controls", list.id);
    open = { input, list, options, at: -1, isStale: false };
  }

  function take(input, kind, option) {
    close();
    kind.take(input, option);
  }

  function mark(at) {
    open.at = at;
    [...open.list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === at)));
    open.input.setAttribute("aria-activedescendant", open.list.children[at].id);
    open.list.children[at].scrollIntoView({ block: "nearest" });
  }

  async function move(input, kind, step) {
    if (open?.input !== input || open.isStale) {
      const isClosed = open?.input !== input;
      clearTimeout(timer);
      await offer(input, kind);
      // The list that was closed opens first; one that was offered for other words is gone through at once.
      if (isClosed || open?.input !== input) return;
    }
    const { options, at } = open;
    if (options.length) mark(at < 0 && step < 0 ? options.length - 1 : (at + step + options.length) % options.length);
  }

  document.addEventListener("input", (event) => {
    const kind = kindOf(event.target);
    if (!kind) return;
    // What was offered for other words must not be taken for these.
    asked += 1;
    if (open) Object.assign(open, { at: -1, isStale: true });
    clearTimeout(timer);
    timer = setTimeout(offer, PAUSE, event.target, kind);
  });
  document.addEventListener("focusin", (event) => {
    const kind = kindOf(event.target);
    if (kind?.isEager) offer(event.target, kind);
  });
  document.addEventListener("focusout", (event) => {
    if (kindOf(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    const kind = kindOf(event.target);
    // An input method has its own list, and its own use of these keys.
    if (!kind || event.isComposing || event.keyCode === 229) return;
    const input = event.target;
    const here = open?.input === input ? open : null;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(input, kind, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && here) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && here?.at >= 0) {
      event.preventDefault();
      take(input, kind, here.options[here.at]);
    } else if (event.key === "Enter" && kind.enter?.(input, here && !here.isStale ? here.options : [])) {
      event.preventDefault();
      // It was emptied: what it held was taken.
      if (!input.value) close();
    }
  });

  nianbao.combine = combine;
})();
