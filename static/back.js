// A page that the way back brings, out of the browser's memory or its cache, is as it was. If the shopper's postcode, cart or name is another since, or
// something was sent from this window, it comes anew; else its filters say again what its list shows.
const TOP = "feira-top", SENT = "feira-sent";
const known = () => document.querySelector(".top-links:has(.place)")?.textContent.replace(/\s+/g, " ");
const sent = () => sessionStorage.getItem(SENT) ?? "0";
const [{ type, transferSize }] = performance.getEntriesByType("navigation");
const isCached = type === "back_forward" && !transferSize; // nobody knows since when
let since = isCached ? "0" : sent();

const keep = () => { // at once: on the way back it would come too late
  since = sent();
  if (known()) sessionStorage.setItem(TOP, known());
};
const hold = (isHeld) => {
  const main = document.getElementById("main");
  main.inert = isHeld;
  main.classList.toggle("htmx-request", isHeld);
};
const renew = async () => {
  try {
    await fetch("/healthz", { cache: "no-store" });
  } catch { // without network a reload would leave nothing to look at
    return addEventListener("online", renew, { once: true });
  }
  // What was pressed meanwhile is waited for, and nothing can be pressed any more: a reload would lose it.
  if (document.querySelector(".htmx-request")) return document.addEventListener("htmx:afterSettle", renew, { once: true });
  hold(true);
  location.reload();
};
const isOld = () => known() && (sessionStorage.getItem(TOP) !== known() || since !== sent());
if (isCached && isOld()) renew();
else keep();
document.addEventListener("htmx:afterSettle", keep);
addEventListener("submit", ({ target }) => { if (target.method === "post") sessionStorage.setItem(SENT, Number(sent()) + 1); });
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  hold(false);
  if (isOld()) return renew();
  document.getElementById("filters")?.reset();
  document.getElementById("results-all")?.removeAttribute("aria-busy");
});
