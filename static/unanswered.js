// HTMX says nothing where the network gives no answer: the page does, in view. A server's own words of what is wrong HTMX shows itself.
document.addEventListener("htmx:sendError", ({ detail }) => {
  if (!detail.requestConfig.triggeringEvent) return; // nobody has asked: what is live asks again by itself
  document.getElementById("flashes").replaceChildren(document.getElementById("unanswered").content.cloneNode(true));
  document.getElementById("main").scrollIntoView();
});
