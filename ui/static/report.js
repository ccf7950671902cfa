// A report's text, wherever it is read; and what is shown beside the site's pages, such as a page of a PDF.
(() => {
  // A picture is looked at in full over the page; without this script its link opens it.
  function enlarge(link) {
    const dialog = document.createElement("dialog");
    dialog.className = "nb-enlarged";
    dialog.setAttribute("aria-label", link.dataset.label);
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = window.nianbao.say("close");
    close.addEventListener("click", () => dialog.close());
    const scroller = document.createElement("div");
    scroller.tabIndex = 0;
    const image = document.createElement("img");
    image.src = link.href;
    image.alt = link.querySelector("img").alt;
    // A click changes between all of it and its own size.
    image.addEventListener("click", () => scroller.classList.toggle("nb-own-size"));
    scroller.append(image);
    dialog.append(close, scroller);
    dialog.addEventListener("close", () => {
      dialog.remove();
      link.focus();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    link.closest("#nb-page").append(dialog);
    dialog.showModal();
    close.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.nb-enlarge");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    enlarge(link);
  });

  // Beside the site's pages there is no Gradio that would follow the system's light and dark.
  if (document.body?.classList.contains("nb-alone")) {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => document.body.classList.toggle("dark", dark.matches);
    dark.addEventListener("change", follow);
    follow();
    document.getElementById("nb-marked")?.scrollIntoView({ block: "center" });
  }
})();
