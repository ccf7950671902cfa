// Two reports side by side: which rows of the table are shown, and finding another report to compare with.
(() => {
  nianbao.combine(".nb-compare-search", {
    async offer(box, text) {
      const request = { q: text, beside: box.dataset.beside, side: Number(box.dataset.side) };
      const found = await nianbao.call(nianbao.views.reports, "reports_to_compare", request);
      return found.map((report) => ({ ...report, about: report.region.replaceAll("/", " ") }));
    },
    none: (box) => JSON.parse(box.closest("[data-words]").dataset.words).none,
    take: (box, { address }) => nianbao.showReports(address),
  });

  document.addEventListener("change", (event) => {
    const box = event.target.closest?.(".nb-compare-tools input[data-shows]");
    if (!box) return;
    box.closest(".nb-compare").querySelector(".nb-compared").classList.toggle(box.dataset.shows, box.checked);
    if (box.dataset.shows !== "nb-only-differences") return;
    const address = new URL(location.href);
    if (box.checked) address.searchParams.set("only", "1");
    else address.searchParams.delete("only");
    history.replaceState(history.state, "", address);
  });
})();
