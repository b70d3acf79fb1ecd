// What HTMX leaves open on every page.
// Where the network gives no answer the page says so, in view. A server's own words of what is wrong HTMX shows itself.
document.addEventListener("htmx:sendError", ({ detail }) => {
  if (!detail.requestConfig.triggeringEvent) return; // nobody has asked: what is live asks again by itself
  document.getElementById("flashes").replaceChildren(document.getElementById("unanswered").content.cloneNode(true));
  document.getElementById("main").scrollIntoView();
});

// What had the focus may go with what it did, such as "Remove", or with the whole page. The focus then goes to "Undo", or to the page as it is now.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (document.activeElement !== document.body || !detail.requestConfig?.triggeringEvent) return;
  const next = ["undo", "cart", "main"].map((id) => document.getElementById(id)).find(Boolean);
  next.focus({ preventScroll: true });
});
