// A button may go with what it did, such as "Remove". The focus then goes to "Undo", or to the cart as it is now.
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement !== document.body) return;
  const next = document.getElementById("undo") ?? document.getElementById("cart");
  next.focus({ preventScroll: true });
});
