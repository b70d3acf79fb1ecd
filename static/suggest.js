// Suggestions below the search field: an ARIA combobox. Without this script the form just searches.
const suggest = (form) => {
  const field = form.elements.q;
  const box = Object.assign(document.createElement("div"), { id: "suggestions", className: "suggest", hidden: true });
  const spoken = Object.assign(document.createElement("p"), { className: "vh", role: "status" });
  const known = new Map();
  let typed = "", waiting = 0, asking = null;

  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", "Suggestions");
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", "suggestions"], ["aria-autocomplete", "list"]])
    field.setAttribute(name, value);
  form.append(box, spoken);

  const options = () => [...box.querySelectorAll('[role="option"]')];
  const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

  const stopAsking = () => {
    asking?.abort();
    clearTimeout(waiting);
  };

  const choose = (option) => {
    stopAsking(); // a late answer would take away the list that somebody goes through
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    field.value = option ? option.dataset.text : typed;
    if (!option) ask();
  };

  const close = () => {
    stopAsking();
    box.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const show = (html) => {
    box.innerHTML = html;
    const count = options().length;
    box.hidden = !count;
    field.setAttribute("aria-expanded", String(!box.hidden));
    field.removeAttribute("aria-activedescendant");
    spoken.textContent = count ? `${count} suggestions` : "";
  };

  const ask = async () => {
    const text = typed, inside = form.elements.in?.value ?? "", key = `${inside}?${text}`;
    asking?.abort();
    if (known.has(key)) return show(known.get(key));
    asking = new AbortController();
    try {
      const answer = await fetch(`/search/suggestions?${new URLSearchParams(inside ? { q: text, in: inside } : { q: text })}`, { signal: asking.signal });
      if (!answer.ok) return close();
      const html = await answer.text();
      if (text) known.set(key, html);
      if (text === typed && document.activeElement === field) show(html);
    } catch { /* a newer question, or no network: the form still searches */ }
  };

  const start = () => {
    typed = field.value;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  };

  field.addEventListener("input", start);
  field.addEventListener("focus", () => { if (!field.value) start(); });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter and arrows choose among letters then
    if (event.key === "Escape" && !box.hidden) {
      event.preventDefault();
      field.value = typed;
      return close();
    }
    if (event.key === "Enter" && !box.hidden && chosen()) {
      event.preventDefault();
      return chosen().click();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (box.hidden) return start();
    const all = [null, ...options()];
    const step = event.key === "ArrowDown" ? 1 : all.length - 1;
    choose(all[(all.indexOf(chosen() ?? null) + step) % all.length]);
  });
  box.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  field.addEventListener("blur", close);
  form.addEventListener("submit", close);
};

// HTMX may bring a new header.
const suggestBelow = () => document.querySelectorAll("form.find:not(:has([role=combobox]))").forEach(suggest);
suggestBelow();
document.addEventListener("htmx:afterSettle", suggestBelow);
