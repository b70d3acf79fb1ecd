// The page that could not be shown opens as soon as the shop is ready again. Without this script there is its button.
const EVERY_MS = 20_000;
const ask = async () => {
  try {
    if ((await fetch("/readyz", { cache: "no-store" })).ok) return location.reload();
  } catch { /* nobody answers: ask again */ }
  setTimeout(ask, EVERY_MS);
};
document.getElementById("again").hidden = false;
setTimeout(ask, EVERY_MS);
