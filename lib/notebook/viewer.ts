/**
 * The frame in which transcripts are read: a sandboxed iframe whose document comes along in `srcdoc`.
 *
 * An iframe and not a shadow root, because a transcript is text of a model and keys belong to the reader: the frame has
 * an origin of its own, so nothing in it can reach the notebook, JupyterLab does not take the arrow keys, and styles stay
 * apart; `srcdoc` works wherever text/html is shown (JupyterLab with tslab or Deno, VS Code, nbconvert), without a script
 * in the page itself. All text is escaped where it is set; besides, the frame's policy allows no network and no script but
 * ours, by its hash. Where frames are taken out (GitHub, an untrusted notebook) or cut (on paper), the plain text below
 * the frame is there.
 */
import { createHash } from "node:crypto";
import { escapeHtml } from "../html";

export interface Framed {
  /** Read aloud as the frame's name. */
  readonly title: string;
  /** HTML in which all text is escaped already. */
  readonly body: string;
  /** The same in plain text. */
  readonly text: string;
  /** Pixels; the reader can pull the frame's lower edge. */
  readonly height: number;
}

/** The frame, followed by its plain text to unfold. */
export function frameHtml({ title, body, text, height }: Framed): string {
  const hash = createHash("sha256").update(SCRIPT).digest("base64");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const document = [
    `<!doctype html><html lang="en"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>`,
    `<body>${body}<script>${SCRIPT}</script></body></html>`,
  ].join("");
  return [
    `<iframe title="${escapeHtml(title)}" sandbox="allow-scripts" srcdoc="${escapeHtml(document)}"`,
    ` style="width:100%;height:${height}px;border:1px solid #888;resize:vertical;background:#fff"></iframe>`,
    `<details><summary>As plain text</summary><pre style="white-space:pre-wrap">${escapeHtml(text)}</pre></details>`,
  ].join("");
}

/** Told apart without colour: agent and environment by indent and line style, refusals and labels by words and frames. */
const STYLE = `
body{font:14px/1.45 Arial,Helvetica,sans-serif;color:#111;background:#fff;margin:10px 14px}
h1{font-size:15px;margin:0 0 2px}p.head,p.hint{margin:0 0 8px}p.hint{color:#555;font-size:12px}
ol.turns{list-style:none;margin:0;padding:0}
.turn{border:1px solid #ccc;border-radius:4px;padding:4px 10px 6px;margin:0 0 8px}
.turn>h2{font-size:13px;margin:2px 0}
.turn:focus,summary:focus-visible,select:focus-visible{outline:3px solid #0b57d0;outline-offset:1px}
.said{white-space:pre-wrap;overflow-wrap:anywhere;margin:3px 0;padding:3px 8px}
.said>b{display:block;font-size:11px;color:#444;font-weight:normal;text-transform:uppercase;letter-spacing:.04em}
.env{border-left:3px solid #999;background:#f5f5f5}
.agent{border-left:3px double #0b57d0;margin-left:1.6em}
.action{font-family:monospace;font-weight:bold}
.refused .action{text-decoration:underline wavy #a33}
.label{border:1px dashed #333;padding:2px 8px;margin:4px 0 2px 1.6em;overflow-wrap:anywhere}
.tag{border:1px solid #333;border-radius:3px;padding:0 5px;font-weight:normal;font-size:12px;margin-left:4px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 14px}
details.episode{border:1px solid #ccc;border-radius:4px;margin:0 0 5px;padding:3px 8px}
details.episode[hidden]{display:none}
summary{cursor:pointer;overflow-wrap:anywhere}
form{margin:0 0 8px}form label{margin-right:12px}
@media print{.turn,.said{break-inside:avoid;background:none}}
`;

/**
 * Arrow keys, Home and End move between the turns of a list (left and right between two lists side by side), or between
 * the episodes of a list; Escape leads from a turn back to its episode; filters hide episodes.
 */
const SCRIPT = `
(() => {
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
  const go = (items, at) => {
    const item = items[Math.max(0, Math.min(items.length - 1, at))];
    if (!item) return;
    item.focus();
    item.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches(".turn")) return;
    for (const turn of all(".turn", target.parentElement)) turn.tabIndex = turn === target ? 0 : -1;
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("select")) return;
    const turn = event.target.closest(".turn");
    const summary = event.target.closest("summary");
    const items = turn
      ? all(".turn", turn.parentElement)
      : summary
        ? all("details.episode:not([hidden]) > summary")
        : all(".turn, details.episode:not([hidden]) > summary").slice(0, 1);
    const at = items.indexOf(turn || summary);
    const lists = turn ? all("ol.turns", turn.closest(".pair") || turn.parentElement.parentElement) : [];
    const beside = (step) => {
      const other = lists[lists.indexOf(turn && turn.parentElement) + step];
      if (!other || !turn.closest(".pair")) return false;
      go(all(".turn", other), at);
      return true;
    };
    if (event.key === "ArrowDown") go(items, at + 1);
    else if (event.key === "ArrowUp") go(items, Math.max(0, at - 1));
    else if (event.key === "Home") go(items, 0);
    else if (event.key === "End") go(items, items.length - 1);
    else if (event.key === "ArrowRight" && summary) { summary.parentElement.open = true; go(all(".turn", summary.parentElement), 0); }
    else if (event.key === "ArrowRight") { if (!beside(1)) return; }
    else if (event.key === "ArrowLeft") { if (!beside(-1)) return; }
    else if (event.key === "Escape" && turn) { const home = turn.closest("details.episode"); if (home) home.querySelector("summary").focus(); }
    else return;
    event.preventDefault();
  });
  const filters = all("form select");
  const count = document.querySelector("[role=status]");
  const filter = () => {
    let shown = 0;
    for (const episode of all("details.episode")) {
      const keep = filters.every(({ name, value }) => !value || JSON.parse(episode.dataset[name]).includes(value));
      episode.hidden = !keep;
      if (keep) shown++;
    }
    if (count) count.textContent = shown + " of " + all("details.episode").length + " episodes";
  };
  for (const select of filters) select.addEventListener("change", filter);
})();
`;
