// Pages that show how far something is look again every so many seconds (data-live), in place.
// Without this they load themselves again, or are loaded by hand.
(() => {
  const wait = (part) => setTimeout(look, 1000 * Number(part.dataset.live));
  const look = async () => {
    const part = document.querySelector("[data-live]");
    if (!part?.dataset.live) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("[data-live]");
      if (answer.redirected || !next) { location.replace(answer.url); return; }
      if (!next.dataset.live) { location.reload(); return; }
      // Whoever is at a link in there must not lose their place.
      if (!part.contains(document.activeElement)) part.replaceWith(next);
    } catch { /* the next look */ }
    wait(document.querySelector("[data-live]"));
  };
  const part = document.querySelector("[data-live]");
  if (part?.dataset.live) wait(part);
})();
