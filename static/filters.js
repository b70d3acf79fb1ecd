// On a wide screen a changed filter applies at once; on a phone the sheet stays open until its button is pressed.
document.addEventListener("change", (event) => {
  const form = event.target.closest("#filters");
  if (form && matchMedia("(min-width: 60rem)").matches) form.requestSubmit();
});
