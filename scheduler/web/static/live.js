// Pages that show how far something is look again by themselves; this does it without a flicker.
(() => {
  const look = async () => {
    const part = document.querySelector("[data-live]");
    if (!part || !part.dataset.live) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("[data-live]");
      if (answer.redirected || !next) { location.replace(answer.url); return; }
      if (!next.dataset.live) { location.reload(); return; }
      part.replaceWith(next);
    } catch { /* the next look */ }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1000);
})();
