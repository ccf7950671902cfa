// The conversations that this browser keeps: what was asked, not what was answered. Each has an entry of its own, so that
// two tabs write side by side. Storage may be full, broken or forbidden: then nothing is kept, and nothing else fails.
(() => {
  const PREFIX = "nianbao.conversation.1.";
  const HERE = "nianbao.here.1";
  const MOST = 50;

  const mark = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 10);

  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const isTurn = (turn) =>
    isObject(turn) && typeof turn.q === "string" && (turn.p == null || isObject(turn.p)) && (turn.h == null || Array.isArray(turn.h));
  // The last moment that a Date can tell.
  const LATEST = 8.64e15;

  function parse(text) {
    try {
      const found = JSON.parse(text);
      if (!Array.isArray(found?.turns)) return null;
      // Anything may have been stored: a turn of another form is left out, as what it was asked with can't be known.
      const turns = found.turns.filter(isTurn);
      return turns.length ? { ...found, turns } : null;
    } catch {
      return null;
    }
  }

  function read(id) {
    try {
      const found = parse(localStorage.getItem(PREFIX + id));
      return found && { id, at: found.at >= 0 && found.at <= LATEST ? Number(found.at) : 0, revision: found.revision, turns: found.turns };
    } catch {
      return null;
    }
  }

  // All that are kept, the newest first.
  function all() {
    try {
      const ids = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
      return ids.map(read).filter(Boolean).sort((one, other) => other.at - one.at);
    } catch {
      return [];
    }
  }

  function drop(id) {
    try {
      localStorage.removeItem(PREFIX + id);
    } catch {
      // Nothing was kept.
    }
  }

  // Whatever another tab wrote meanwhile stays: this tab's version then becomes a conversation of its own.
  function write(conversation) {
    if (!conversation.turns.length) return;
    const before = read(conversation.id);
    if (before && before.revision !== conversation.revision) conversation.id = mark();
    conversation.revision = mark();
    conversation.at = Date.now();
    const { at, revision, turns } = conversation;
    const text = JSON.stringify({ at, revision, turns });
    const others = before ? [] : all();
    others.slice(MOST - 1).forEach((old) => drop(old.id));
    try {
      localStorage.setItem(PREFIX + conversation.id, text);
    } catch {
      // Full, perhaps: the oldest makes room once.
      const oldest = all().filter((other) => other.id !== conversation.id).at(-1);
      if (!oldest) return;
      drop(oldest.id);
      try {
        localStorage.setItem(PREFIX + conversation.id, text);
      } catch {
        // It isn't kept.
      }
    }
  }

  // Which conversation this tab shows, and the link that its address held then.
  function here() {
    try {
      return JSON.parse(sessionStorage.getItem(HERE)) ?? {};
    } catch {
      return {};
    }
  }
  function stay(id, address) {
    try {
      sessionStorage.setItem(HERE, JSON.stringify({ id, address }));
    } catch {
      // A reload then begins anew.
    }
  }

  nianbao.kept = { all, read, write, drop, here, stay, begin: () => ({ id: mark(), revision: null, at: 0, turns: [] }) };
})();
