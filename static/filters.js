// What HTMX leaves open when it changes a list: when to ask, what is said meanwhile, and where the focus is afterwards.
// Without this script the filters are a form with a button, and everything else is a link.
const wide = matchMedia("(min-width: 60rem)");
const here = () => location.pathname + location.search;
const list = () => document.getElementById("results-all");
let shown = here(); // what the list on the page answers
let before = null; // the list is being changed: its focus and its folded parts

const sheet = () => wide.matches ? null : document.querySelector("#filters:target");

// On a wide screen a changed filter applies at once; on a phone the sheet stays open, and its button says what it would show,
// without a number while nobody knows it.
let counting = null;
const count = async (form) => {
  counting?.abort();
  counting = new AbortController();
  const button = form.querySelector(".facets-go button");
  const uncounted = setTimeout(() => { button.textContent = "Show products"; }, 300);
  form.querySelector(".facets-said").replaceChildren();
  const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  try {
    const answer = await fetch(`${form.action}?${chosen}`, { headers: { "HX-Request": "true" }, signal: counting.signal });
    if (!answer.ok) return;
    clearTimeout(uncounted);
    const said = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("list-said");
    button.textContent = said.dataset.show;
    document.getElementById("list-said").textContent = said.textContent;
  } catch { /* a newer choice, or no network: the button still shows the list */ }
};
document.addEventListener("change", (event) => {
  const form = event.target.closest("#filters");
  if (form) wide.matches ? form.requestSubmit() : count(form);
});

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !sheet()) return;
  location.hash = "results";
  document.querySelector(".facets-open").focus();
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target.id === "results-all") detail.target.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful && !list()?.querySelector(".htmx-request")) list()?.removeAttribute("aria-busy");
});

// What was folded or unfolded stays so, and the focus stays where it was; where that is gone, it goes to the results.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "results-all") return;
  const folds = [...detail.target.querySelectorAll("details[id]")].map((each) => [each.id, each.open]);
  before = { focus: detail.target.contains(document.activeElement) ? document.activeElement.id : null, folds };
});
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id !== "results-all" || !before) return;
  const { focus, folds } = before;
  before = null;
  for (const [id, open] of folds) document.getElementById(id)?.toggleAttribute("open", open);
  if (focus === null) return;
  const same = focus && document.getElementById(focus);
  (same || document.getElementById("results")).focus({ preventScroll: true });
});

// What has failed leaves the list, and so its address and the filters shown as on, as it was. A sheet keeps what is chosen, and says it itself.
for (const name of ["htmx:responseError", "htmx:sendError"])
  document.addEventListener(name, ({ target }) => {
    if (!target.closest("#results-all")) return;
    if (sheet()) sheet().querySelector(".facets-said").replaceChildren(...document.getElementById("flashes").childNodes);
    else document.getElementById("filters")?.reset();
  });
document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
  if (!detail.successful) Object.assign(detail.history, { type: "replace", path: here() + location.hash });
});

// Links that lead back here, such as that to the postcode, lead back to the list as it is now.
for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"])
  document.addEventListener(name, () => {
    for (const link of document.querySelectorAll('header a[href*="?next="], #unserved a')) link.search = new URLSearchParams({ next: here() });
  });

// An entry of the history that a link to a part of the page made, such as #filters, is none of HTMX's: its list comes anew.
for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"])
  document.addEventListener(name, () => { shown = here(); });
addEventListener("popstate", ({ state }) => { if (!state?.htmx && here() !== shown) location.reload(); });
