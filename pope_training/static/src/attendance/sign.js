/* The page where somebody signs: a frame to draw in, and what is kept on the phone while there is no network.
   Plain JavaScript without any library: the page must open on a slow network. */
(() => {
    const PREFIX = "pope.sign.";
    const RETRY = 10000;
    const TIMEOUT = 20000;
    const memory = {}; // where the browser keeps nothing
    let sending = false;
    let busy = false;

    // --- What is kept until it is sent ---

    const keep = (entry) => {
        memory[entry.id] = entry;
        try {
            localStorage.setItem(PREFIX + entry.id, JSON.stringify(entry));
        } catch {
            console.warn("Nothing is kept by this browser once the page is closed");
        }
    };
    const forget = (entry) => {
        delete memory[entry.id];
        try {
            localStorage.removeItem(PREFIX + entry.id);
        } catch {
            console.warn("Nothing was kept by this browser");
        }
    };
    const stored = () => {
        const found = {...memory};
        try {
            for (let place = 0; place < localStorage.length; place++) {
                const name = localStorage.key(place);
                if (name.startsWith(PREFIX)) {
                    found[name.slice(PREFIX.length)] = JSON.parse(localStorage.getItem(name));
                }
            }
        } catch {
            console.warn("Nothing was kept by this browser");
        }
        return Object.values(found).filter(Boolean);
    };
    const identity = () => {
        const bytes = crypto.getRandomValues(new Uint8Array(16));
        return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    };

    // --- What is said ---

    const box = document.getElementById("said");
    const form = document.querySelector("form.sign");
    const words = (name) => (document.getElementById(name) || box).textContent;
    const say = (text, kind) => {
        box.className = kind;
        box.textContent = text;
        box.hidden = false;
        box.focus();
    };
    const isShown = (entry) => form && form.action === entry.url && form.elements.row.value === entry.fields.row;
    const isHere = (entry) => new URL(entry.url).pathname === location.pathname;
    const show = (entry, text, kind) => {
        if (isShown(entry)) {
            form.hidden = kind !== "errors";
        }
        say(text, kind);
    };

    // --- Sending ---

    const post = async (entry) => {
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(), TIMEOUT);
        try {
            const answer = await fetch(entry.url, {
                method: "POST",
                body: new URLSearchParams({...entry.fields, format: "json"}),
                signal: abort.signal,
            });
            // too often: later
            return answer.status >= 500 || answer.status === 429 ? null : await answer.json();
        } catch {
            return null; // no network, or somebody else's page in its place
        } finally {
            clearTimeout(timer);
        }
    };
    const send = async (entry) => {
        const answer = await post(entry);
        if (!answer || !answer.state) {
            if (!entry.fields.queued) {
                entry.fields.queued = "1";
                keep(entry);
            }
            show(entry, words("saved"), "waits");
            return false;
        }
        if (answer.state === "unknown") {
            // the link is too old: kept for the next one of the same person
            keep({...entry, old: true});
            show(entry, answer.message, "errors");
            return true;
        }
        forget(entry);
        show(entry, answer.message, answer.state === "refused" ? "errors" : "done");
        if (answer.state !== "refused" && isShown(entry) && form.dataset.next) {
            location.assign(form.dataset.next);
        }
        return true;
    };
    const sendAll = async () => {
        if (sending) {
            return;
        }
        sending = true;
        for (const entry of stored()) {
            if (entry.old && (!box.dataset.who || entry.who !== box.dataset.who || isHere(entry))) {
                continue;
            }
            if (entry.old) {
                entry.url = location.origin + location.pathname;
                delete entry.old;
            }
            if (!(await send(entry))) {
                break;
            }
        }
        sending = false;
    };

    // --- The frame ---

    const startFrame = (canvas) => {
        const pen = canvas.getContext("2d");
        let last = null;
        let drawn = 0;
        const point = (event) => {
            const rect = canvas.getBoundingClientRect();
            return {
                x: ((event.clientX - rect.left) * canvas.width) / rect.width,
                y: ((event.clientY - rect.top) * canvas.height) / rect.height,
            };
        };
        pen.lineWidth = 5;
        pen.lineCap = pen.lineJoin = "round";
        canvas.addEventListener("pointerdown", (event) => {
            last = point(event);
        });
        canvas.addEventListener("pointermove", (event) => {
            if (!last) {
                return;
            }
            const next = point(event);
            pen.beginPath();
            pen.moveTo(last.x, last.y);
            pen.lineTo(next.x, next.y);
            pen.stroke();
            drawn += Math.hypot(next.x - last.x, next.y - last.y);
            last = next;
        });
        for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
            canvas.addEventListener(name, () => {
                last = null;
            });
        }
        return {
            isDrawn: () => drawn > 30,
            image: () => canvas.toDataURL("image/png"),
            clear: () => {
                pen.clearRect(0, 0, canvas.width, canvas.height);
                drawn = 0;
            },
        };
    };

    if (form) {
        const frame = startFrame(form.querySelector("canvas"));
        form.querySelector(".frame").hidden = false;
        form.querySelector(".clear").addEventListener("click", frame.clear);
        form.addEventListener("submit", async (event) => {
            event.preventDefault();
            const fields = Object.fromEntries(new FormData(form));
            if (!fields.name.trim() && !frame.isDrawn()) {
                say(words("empty"), "errors");
                return;
            }
            if (busy) {
                // a second tap
                return;
            }
            busy = true;
            fields.image = fields.name.trim() ? "" : frame.image();
            fields.key = identity();
            fields.signed_at = new Date().toISOString();
            const entry = {id: fields.key, url: form.action, fields, who: box.dataset.who};
            keep(entry);
            sending = true;
            await send(entry);
            sending = busy = false;
        });
    }
    addEventListener("online", sendAll);
    addEventListener("pageshow", sendAll);
    document.addEventListener("visibilitychange", sendAll);
    setInterval(sendAll, RETRY);
})();
