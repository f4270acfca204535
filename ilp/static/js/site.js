/* What the pages do beyond HTML and htmx. Every part looks for its own data attribute, and every page works without
   it. Nothing is sent that the user did not send. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const element = event.target.closest?.(selector);
      if (element) act(element, event);
    });

  /* ---- toasts: passing words from the server (HX-Trigger: {"toast": {"text", "tone"}}) or from here ---- */

  const sprite = () => $("use[href*='glyphs']")?.getAttribute("href").split("#")[0];

  function glyph(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "glyph");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${sprite()}#g-${name}`);
    svg.append(use);
    return svg;
  }

  function toast(text, tone = "accepted", link = null) {
    const note = document.createElement("div");
    const words = document.createElement("span");
    note.className = "toast";
    words.textContent = text;
    note.append(glyph(tone), words);
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link.href;
      anchor.textContent = link.text;
      note.append(anchor);
    } else {
      setTimeout(() => note.remove(), 8000);
    }
    const region = $("#toasts");
    region.append(note);
    if (region.childElementCount > 3) region.firstElementChild.remove();
  }

  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.tone));

  /* ---- keeping what was typed: a login that ran out, a line that broke ---- */

  const account = () => document.body.dataset.account;
  const keyOf = (form) => `isian ${location.pathname} ${form.getAttribute("action")}`;
  const keptFields = (form) =>
    [...form.elements].filter(
      ({ name, type }) => name && !["csrf_token", "kunci"].includes(name) && !["password", "file"].includes(type),
    );

  function keep(form) {
    if (!form?.matches("[data-keep]")) return false;
    const names = keptFields(form).map((field) => field.name);
    const fields = [...new FormData(form)].filter(([name]) => names.includes(name));
    const target = form.getAttribute("hx-target");
    sessionStorage.setItem(keyOf(form), JSON.stringify({ account: account(), target, fields }));
    return true;
  }

  const forget = (form) => form?.matches("[data-keep]") && sessionStorage.removeItem(keyOf(form));

  function refill(form) {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "null");
    if (!kept || kept.account !== account()) return;
    forget(form);
    const values = new Map();
    kept.fields.forEach(([name, value]) => values.set(name, [...(values.get(name) ?? []), value]));
    for (const field of keptFields(form)) {
      const mine = values.get(field.name) ?? [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = mine.includes(field.value);
      else if (field.type === "select-multiple") for (const o of field.options) o.selected = mine.includes(o.value);
      else if (mine.length) field.value = mine.shift();
    }
    toast("Isian terakhir dibuka kembali. Periksa, lalu kirim.", "submitted");
  }

  /* A kept form that was opened in place is not on the fresh page: it is fetched again to where it stood. */
  function reopen() {
    const here = `isian ${location.pathname} `;
    for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(here))) {
      const kept = JSON.parse(sessionStorage.getItem(key));
      const action = key.slice(here.length);
      const there = all("form[data-keep]").some((form) => form.getAttribute("action") === action);
      if (there || kept.account !== account() || !kept.target || !$(kept.target)) continue;
      htmx.ajax("GET", action, { target: kept.target, swap: "outerHTML" });
    }
  }

  function sessionEnded(form) {
    const kept = keep(form);
    const next = encodeURIComponent(location.pathname + location.search);
    toast(`Sesi Bapak/Ibu berakhir.${kept ? " Isian terakhir tersimpan." : ""}`, "late", {
      href: `${document.body.dataset.login}?next=${next}`,
      text: "Masuk kembali",
    });
  }

  const formOf = (source) => source?.closest?.("form");

  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const status = ctx.response.status;
    if (status === 401) sessionEnded(formOf(ctx.sourceElement));
    else if (![409, 422].includes(status)) toast(lineOf(ctx.text), "late");
  });

  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.response.status < 400) forget(formOf(ctx.sourceElement));
  });

  /* The one line of errors/fragment.html, without its markup. Only 409 and 422 are swapped in (see the page's
     htmx-config): any other refusal leaves the page, and what was typed in it, alone. */
  function lineOf(html) {
    const text = new DOMParser().parseFromString(html ?? "", "text/html").body.textContent.trim();
    return text && text.length < 300 ? text : "Ada yang salah di pihak kami. Isian tetap di halaman ini, coba lagi sebentar.";
  }

  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    const form = formOf(ctx?.sourceElement);
    if (!form && ctx?.request?.method !== "POST") return;
    keep(form);
    toast("Jaringan terputus. Isian aman di perangkat ini, kirim lagi saat tersambung.", "returned");
  });

  addEventListener("offline", () => toast("Jaringan terputus. Isian tetap di halaman ini.", "returned"));

  /* ---- polling rests while nobody looks, and while somebody types in the part that would be replaced ---- */

  document.addEventListener("htmx:before:request", (event) => {
    const source = event.detail.ctx.sourceElement;
    if (!source.getAttribute?.("hx-trigger")?.includes("every")) return;
    const typing = document.activeElement?.matches("input, textarea, select") && source.contains(document.activeElement);
    if (document.hidden || typing) event.preventDefault();
  });

  /* ---- a question before a verb: <details data-confirm> becomes a modal dialog ---- */

  document.addEventListener(
    "toggle",
    (event) => {
      const details = event.target;
      const dialog = details.matches?.("[data-confirm]") && $("dialog", details);
      if (!dialog || !details.open || dialog.open) return;
      dialog.showModal();
      dialog.addEventListener("close", () => (details.open = false), { once: true });
    },
    true,
  );

  on("click", "[data-close]", (button) => button.closest("dialog").close());
  on("click", "[data-print]", () => window.print());

  /* Menus close on a click elsewhere and on Escape. */
  document.addEventListener("click", (event) => {
    for (const menu of all(".account-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of all(".account-menu[open]")) menu.open = false;
  });

  /* ---- results: the arrows lead through the links of [data-arrows], from the search box down ---- */

  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = all("[data-arrows] h3 a");
    const box = $("main input[type=search]");
    const stops = [box, ...links].filter(Boolean);
    const here = stops.indexOf(document.activeElement);
    if (!step || !links.length || here < 0) return;
    event.preventDefault();
    stops[Math.min(Math.max(here + step, 0), stops.length - 1)].focus();
  });

  /* ---- keys: data-shortcut="ctrl+1" clicks its element if it is shown, inside the nearest data-shortcut-scope if any;
          data-submit-on="enter" sends the form of a text field (Shift+Enter starts a new line) ---- */

  document.addEventListener("keydown", (event) => {
    const pressed = [event.ctrlKey && "ctrl", event.altKey && "alt", event.key?.toLowerCase()].filter(Boolean).join("+");
    const wanted = all("[data-shortcut]").find((element) => {
      const scope = element.closest("[data-shortcut-scope]");
      const within = !scope || scope.contains(document.activeElement);
      return element.dataset.shortcut === pressed && within && element.getClientRects().length;
    });
    if (!wanted) return;
    const typing = document.activeElement?.matches("input, textarea, select");
    if (typing && !event.ctrlKey && !event.altKey && event.key.length === 1) return;
    event.preventDefault();
    if (wanted.matches("input")) wanted.focus();
    else wanted.click();
  });

  on("keydown", "[data-submit-on=enter]", (field, event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    field.form.requestSubmit();
  });

  /* ---- small helps for fields ---- */

  on("click", "[data-reveal]", (button) => {
    const field = document.getElementById(button.dataset.reveal);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });

  on("change", "[data-drop] input[type=file]", (input) => {
    const names = [...input.files].map((file) => file.name).join(", ");
    $("[data-chosen]", input.closest("[data-drop]")).textContent = names;
  });

  for (const type of ["dragover", "dragleave", "drop"])
    on(type, "[data-drop]", (area, event) => {
      event.preventDefault();
      area.classList.toggle("over", type === "dragover");
      if (type !== "drop") return;
      const input = $("input[type=file]", area);
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });

  /* ---- photographs: made small here, which also leaves their EXIF behind ---- */

  async function shrink(file, side) {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, side / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  }

  function preview(input) {
    const box = input.closest("[data-photos]");
    if (!box) return;
    all("[data-preview]", box).forEach((figure) => figure.remove());
    for (const file of input.files) {
      const figure = document.createElement("figure");
      const image = document.createElement("img");
      const caption = document.createElement("figcaption");
      figure.dataset.preview = "";
      image.src = URL.createObjectURL(file);
      image.alt = "";
      caption.textContent = `${file.name}, ${Math.ceil(file.size / 1024)} kB`;
      figure.append(image, caption);
      input.closest("label").before(figure);
    }
  }

  on("change", "input[type=file][data-downscale]", async (input) => {
    const box = new DataTransfer();
    for (const file of input.files) {
      /* What is no photograph goes as it is: the server says why it refuses it. */
      box.items.add(await shrink(file, Number(input.dataset.downscale)).catch(() => file));
    }
    input.files = box.files;
    preview(input);
  });

  /* ---- the place to sign: strokes as JSON, [[[x, y], ...], ...] in whole pixels ---- */

  function prepareSignature(box) {
    box.dataset.ready = "";
    const canvas = $("canvas", box);
    const strokes = $("input[type=hidden]", box);
    if (!canvas || typeof SignaturePad === "undefined") return;
    const pad = new SignaturePad(canvas, { penColor: getComputedStyle(canvas).color, minWidth: 1, maxWidth: 2.4 });
    const write = () => {
      const drawn = pad.toData().map(({ points }) => points.map(({ x, y }) => [Math.round(x), Math.round(y)]));
      strokes.value = drawn.length ? JSON.stringify(drawn) : "";
    };
    const fit = () => {
      const ratio = Math.max(devicePixelRatio, 1);
      const data = pad.toData();
      canvas.width = canvas.offsetWidth * ratio;
      canvas.height = canvas.offsetHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad.fromData(data);
    };
    /* A refused form comes back with what was drawn: the signer sees what will be sent again. */
    const drawnBefore = JSON.parse(strokes.value || "[]");
    pad.fromData(drawnBefore.map((stroke) => ({ points: stroke.map(([x, y], at) => ({ x, y, time: at * 20 })) })));
    pad.addEventListener("endStroke", write);
    $("[data-clear]", box).addEventListener("click", () => (pad.clear(), write()));
    new ResizeObserver(fit).observe(canvas);
  }

  /* ---- the public check: the file is hashed here and only its hash is asked about (secure contexts only) ---- */

  on("submit", "form[data-hash]", async (form, event) => {
    const file = $("input[type=file]", form).files[0];
    if (!file || !crypto.subtle) return;
    event.preventDefault();
    const status = $("[role=status]", form);
    status.textContent = "Menghitung sidik berkas di perangkat ini.";
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    location.assign(`${form.dataset.hash}?sidik=${hex}`);
  });

  /* ---- one submit is one submit (the server knows a repeat by its key; this spares the doubt) ---- */

  const busy = (button) => button?.setAttribute("aria-busy", "true");
  const idle = (button) => button?.removeAttribute("aria-busy");

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if ("sent" in form.dataset) return event.preventDefault();
    form.dataset.sent = "";
    forget(form);
    busy(event.submitter);
  });

  addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      all("[aria-busy]", form).forEach(idle);
    }
  });

  /* The second click of a double click would meet whatever the first has put under the pointer. */
  document.addEventListener(
    "click",
    (event) => {
      if (event.detail < 2 || !event.target.closest("button, a")) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  /* A held Enter: htmx would queue the second one and then lead away to what the first has made. */
  document.addEventListener("htmx:config:request", (event) => {
    const { form, method } = event.detail.ctx.request;
    if (!form || method === "GET") return;
    if ("sent" in form.dataset) return event.preventDefault();
    form.dataset.sent = "";
  });

  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => busy(ctx.request.submitter));
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    idle(ctx.request.submitter);
    if (ctx.request.form) delete ctx.request.form.dataset.sent;
  });

  /* ---- whatever a new piece of page brings ---- */

  function prepare() {
    all("[data-signature]:not([data-ready])").forEach(prepareSignature);
    const first = $("[data-focus]");
    first?.removeAttribute("data-focus");
    first?.focus();
    returnFocus();
  }

  /* An editor that is closed hands the focus back to the link that opened it, or to its like in the row that
     came in its place. */
  let opener = null;
  let closing = false;

  on("click", "a[hx-get]", (link) => {
    closing = link.dataset.shortcut === "escape";
    if (!closing) opener = link.getAttribute("href");
  });

  function returnFocus() {
    if (!closing || document.activeElement !== document.body) return;
    closing = false;
    all("a[hx-get]").find((link) => link.getAttribute("href") === opener)?.focus();
  }

  const seen = new WeakSet();

  /* Each form once, when it comes onto the page. */
  function refillNew() {
    for (const form of all("form[data-keep]").filter((one) => !seen.has(one))) {
      seen.add(form);
      refill(form);
    }
  }

  document.addEventListener("htmx:after:swap", () => (refillNew(), prepare()));
  document.addEventListener("htmx:after:process", reopen, { once: true });
  refillNew();
  prepare();
})();
