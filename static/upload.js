// A file on its way shows how far it has come and can be stopped, and it may be dropped anywhere on its form. Without this script the browser sends it by itself.
const SAY_LEFT_FROM = 10; // seconds
const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
const left = (seconds) => seconds < SAY_LEFT_FROM ? "" : seconds < 90 ? `, ${Math.ceil(seconds / 10) * 10} s left` : `, ${Math.ceil(seconds / 60)} min left`;
document.addEventListener("htmx:beforeSend", ({ target, detail: { xhr } }) => {
  const sending = target.querySelector(".sending");
  if (!sending) return;
  const [bar, words, said] = sending.children;
  const began = performance.now();
  bar.value = 0;
  words.textContent = "";
  said.textContent = "Sending";
  sending.hidden = false;
  xhr.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = loaded / total;
    words.textContent = `${megabytes(loaded)} of ${megabytes(total)} MB${left(((performance.now() - began) / 1000) * (total / loaded - 1))}`;
  });
  xhr.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    words.textContent = said.textContent = "All of it is here. One moment.";
  });
  xhr.addEventListener("loadend", () => {
    sending.hidden = true;
    said.textContent = "";
  });
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => { // a refused file is told by the whole page, too
  if (!detail.requestConfig.elt.matches?.(".drop")) return;
  Object.assign(detail, { shouldSwap: true, target: document.getElementById("page"), swapOverride: "innerHTML show:window:top" });
});
document.addEventListener("click", ({ target }) => {
  if (target.closest(".sending button")) htmx.trigger(target.closest("form"), "htmx:abort");
});
document.addEventListener("dragover", (event) => {
  if (event.target.closest?.(".drop")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const input = event.target.closest?.(".drop")?.querySelector("[type=file]");
  const [file] = event.dataTransfer.files;
  if (!input || !file) return;
  event.preventDefault();
  const one = new DataTransfer();
  one.items.add(file);
  input.files = one.files;
});
