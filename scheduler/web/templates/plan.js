// The page is whole without this: it only adds the search, and opens what is closed for printing.
(() => {
  const form = document.querySelector(".search");
  const input = form.querySelector("input");
  const output = form.querySelector("output");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const entries = [...document.querySelectorAll("article, .people li")].map((element) => [
    element, plain(element.textContent),
  ]);
  const reasons = [...document.querySelectorAll("details")];
  const opened = new Set(reasons.filter((reason) => reason.open));
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    const found = entries.filter(([element, text]) => {
      element.hidden = !words.every((word) => text.includes(word));
      return !element.hidden && element.localName === "article";
    });
    for (const reason of reasons) {
      const any = reason.querySelector("li:not([hidden])") !== null;
      reason.hidden = !any;
      reason.open = words.length ? any : opened.has(reason);
    }
    output.textContent = words.length ? `${found.length} ${found.length === 1 ? "group" : "groups"}` : "";
  });
  addEventListener("beforeprint", () => reasons.forEach((reason) => { reason.open = true; }));
})();
