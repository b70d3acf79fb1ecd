// What HTMX leaves open on every page, and forms that are not HTMX's.
// Where the network gives no answer the page says so, in view. A server's own words of what is wrong HTMX shows itself.
const sayUnanswered = (xhr) => {
  const others = saidSince(xhr);
  document.getElementById("flashes").replaceChildren(document.getElementById("unanswered").content.cloneNode(true));
  keepSaid(others);
  document.getElementById("main").scrollIntoView();
};
document.addEventListener("htmx:sendError", ({ detail }) => {
  if (detail.requestConfig.triggeringEvent) sayUnanswered(detail.xhr); // else nobody has asked: what is live asks again by itself
});
// An answer takes away only what was said before its change was sent: of two under way the first may have failed meanwhile.
const said = new WeakMap(); // a request that changes something -> what stood among the flashes when it was sent
const saidSince = (xhr) => [...document.querySelectorAll("#flashes > :not(.toast)")].filter((each) => said.get(xhr)?.has(each) === false);
const keepSaid = (messages) => {
  const flashes = document.getElementById("flashes"), now = [...flashes.children].map((each) => each.textContent);
  flashes.prepend(...messages.filter((each) => !flashes.contains(each) && !now.includes(each.textContent)));
};
let newer = [];
document.addEventListener("htmx:beforeSwap", ({ detail: { xhr } }) => { newer = saidSince(xhr); });
document.addEventListener("htmx:afterSwap", () => keepSaid(newer.splice(0)));
// HTMX tells it where it was asked. If another answer has taken that away meanwhile, nobody would hear of a change that failed.
document.addEventListener("htmx:beforeSend", ({ detail: { elt, xhr, requestConfig } }) => {
  if (requestConfig.verb === "get") return;
  said.set(xhr, new Set(document.getElementById("flashes").children));
  xhr.addEventListener("error", () => elt.isConnected || sayUnanswered(xhr));
  xhr.addEventListener("load", () => {
    if (elt.isConnected || xhr.status < 400 || xhr.status === 422) return; // what is sent with 422 has its place
    const others = saidSince(xhr);
    htmx.swap("#flashes", xhr.response, { swapStyle: "innerHTML" });
    keepSaid(others);
    document.getElementById("main").scrollIntoView();
  });
});

// A form sent without network would leave the browser's own page in the place of what was typed.
let isReached = false;
addEventListener("submit", async (event) => {
  if (event.defaultPrevented || navigator.onLine || isReached) return;
  event.preventDefault();
  try {
    await fetch("/healthz", { cache: "no-store" }); // a shop on this very machine needs no network
    isReached = true;
    event.target.requestSubmit(event.submitter);
  } catch {
    sayUnanswered();
  }
});

// The way back through what HTMX has changed asks the shop, too: of several steps, or of a step and a new choice, the last one counts.
let restoring = null;
document.addEventListener("htmx:historyCacheMiss", ({ detail: { xhr } }) => {
  restoring?.abort();
  restoring = xhr;
  for (const list of document.querySelectorAll("#results-all")) htmx.trigger(list, "htmx:abort");
  const { classList } = document.getElementById("main");
  classList.add("htmx-request");
  xhr.addEventListener("loadend", () => classList.remove("htmx-request"));
  xhr.addEventListener("error", () => {
    sayUnanswered();
    addEventListener("online", () => location.reload(), { once: true });
  });
});
document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload()); // the server's own words
document.addEventListener("htmx:beforeRequest", ({ detail }) => { if (detail.boosted) restoring?.abort(); });

// What had the focus may go with what it did, such as "Remove", or with the whole page. The focus then goes to "Undo", or to the page as it is now;
// from "one more", where there is no more, to the quantity that it belongs to.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (document.activeElement !== document.body || !detail.requestConfig?.triggeringEvent) return;
  const pressed = document.getElementById(detail.requestConfig.elt.id)?.closest(".qty");
  const next = pressed ?? ["undo", "cart", "main"].map((id) => document.getElementById(id)).find(Boolean);
  next.focus({ preventScroll: true });
});
