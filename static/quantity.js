// The number between "one fewer" and "one more" moves at once: who waits for a slow network would press again. The server has the last word.
const STEPS = { less: -1, more: 1 };
const field = ({ elt, requestConfig }) => {
  const button = requestConfig.triggeringEvent?.submitter ?? elt;
  return STEPS[button.name] && { step: STEPS[button.name], input: button.closest(".qty").querySelector("input") };
};
document.addEventListener("htmx:beforeRequest", (event) => { // what is sent has been read already: the number before, and the step
  const pressed = field(event.detail);
  if (!pressed) return;
  const number = Number(pressed.input.value) + pressed.step;
  if (number < 1) return event.preventDefault();
  if (number) pressed.input.value = number;
  for (const each of pressed.input.parentElement.querySelectorAll("button")) each.disabled = false; // the way back, too
});
for (const name of ["htmx:responseError", "htmx:sendError"])
  document.addEventListener(name, ({ detail }) => {
    const pressed = field(detail);
    if (pressed) pressed.input.value = pressed.input.defaultValue;
  });
