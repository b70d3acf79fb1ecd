// A page that the way back brings out of the browser's memory is as it was. If the shopper's postcode, cart or name is another since, it comes anew;
// else its filters say again what its list shows.
const KEY = "feira-top";
const known = () => document.querySelector(".top-links:has(.place)")?.textContent.replace(/\s+/g, " ");
const keep = () => { if (known()) sessionStorage.setItem(KEY, known()); }; // at once: on the way back it would come too late
keep();
document.addEventListener("htmx:afterSettle", keep);
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted || !known()) return;
  if (sessionStorage.getItem(KEY) !== known()) return location.reload();
  document.getElementById("filters")?.reset();
  document.getElementById("results-all")?.removeAttribute("aria-busy");
});
