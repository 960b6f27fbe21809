/** How a table looks in each format. Every format escapes what it would read as markup. */
import { escapeHtml } from "./html";

/** One printed cell; `mark` refers to a note. */
export interface PrintedCell {
  readonly text: string;
  readonly mark?: string;
  /** The fields of the cell in CSV, in full precision. */
  readonly fields: readonly string[];
}

/** What all formats print. */
export interface Printed {
  readonly caption?: string;
  readonly header: readonly string[];
  /** CSV names; an estimate has six. */
  readonly fieldNames: readonly string[];
  readonly align: readonly ("left" | "right")[];
  readonly cells: readonly (readonly PrintedCell[])[];
  readonly notes: readonly string[];
}

export function markdown({ caption, header, align, cells, notes }: Printed): string {
  const line = (parts: readonly string[]) => `| ${parts.join(" | ")} |`;
  const cell = ({ text, mark }: PrintedCell) => escapeMarkdown(text) + (mark ? `<sup>${mark}</sup>` : "");
  const rows = [
    line(header.map(escapeMarkdown)),
    line(align.map((side) => (side === "right" ? "---:" : "---"))),
    ...cells.map((row) => line(row.map(cell))),
  ];
  const above = caption ? [`**${escapeMarkdown(caption)}**`] : [];
  return [...above, rows.join("\n"), ...notes.map(escapeMarkdown)].join("\n\n") + "\n";
}

export function latex({ caption, header, align, cells, notes }: Printed): string {
  const line = (parts: readonly string[]) => `${parts.join(" & ")} \\\\`;
  const cell = ({ text, mark }: PrintedCell) => escapeLatex(text) + (mark ? `\\textsuperscript{${mark}}` : "");
  return [
    "\\begin{table}",
    "\\centering",
    ...(caption ? [`\\caption{${escapeLatex(caption)}}`] : []),
    `\\begin{tabular}{${align.map((side) => side[0]).join("")}}`,
    "\\toprule",
    line(header.map(escapeLatex)),
    "\\midrule",
    ...cells.map((row) => line(row.map(cell))),
    "\\bottomrule",
    "\\end{tabular}",
    ...notes.map((note) => `\\par\\footnotesize ${escapeLatex(note)}`),
    "\\end{table}",
    "",
  ].join("\n");
}

export function csv({ fieldNames, cells }: Printed): string {
  const quote = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
  const rows = [fieldNames, ...cells.map((row) => row.flatMap((cell) => cell.fields))];
  return rows.map((row) => row.map(quote).join(",") + "\r\n").join("");
}

export function html({ caption, header, align, cells, notes }: Printed): string {
  const element = (name: string, content: string, side: string) => {
    return `<${name} style="text-align: ${side}">${content}</${name}>`;
  };
  const cell = ({ text, mark }: PrintedCell) => escapeHtml(text) + (mark ? `<sup>${mark}</sup>` : "");
  const head = header.map((title, i) => element("th", escapeHtml(title), align[i])).join("");
  const body = cells.map((row) => `<tr>${row.map((c, i) => element("td", cell(c), align[i])).join("")}</tr>`);
  const foot = notes.map((note) => `<div>${escapeHtml(note)}</div>`).join("");
  return [
    "<table>",
    ...(caption ? [`<caption>${escapeHtml(caption)}</caption>`] : []),
    `<thead><tr>${head}</tr></thead>`,
    `<tbody>${body.join("")}</tbody>`,
    ...(foot ? [`<tfoot><tr><td colspan="${header.length}" style="text-align: left">${foot}</td></tr></tfoot>`] : []),
    "</table>",
  ].join("\n");
}

export function text({ caption, header, align, cells, notes }: Printed): string {
  const rows = [header, ...cells.map((row) => row.map(({ text, mark }) => oneLine(text) + (mark ? ` ${mark}` : "")))];
  const widths = header.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const pad = (cell: string, i: number) => (align[i] === "right" ? cell.padStart(widths[i]) : cell.padEnd(widths[i]));
  const [first, ...rest] = rows.map((row) => row.map(pad).join("  ").trimEnd());
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [...(caption ? [caption] : []), first, rule, ...rest, ...notes].join("\n") + "\n";
}

function escapeMarkdown(raw: string): string {
  // An interval's brackets are no link unless "(" or "[" follows, so they stay readable.
  return oneLine(raw)
    .replace(/[\\`*_{}<>#|~$]/g, "\\$&")
    .replace(/\](?=[([:])/g, "\\]");
}

const latexEscapes: { readonly [character: string]: string } = {
  "\\": "\\textbackslash{}",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  "\u221e": "$\\infty$",
};

function escapeLatex(raw: string): string {
  const escaped = oneLine(raw)
    .replace(/[\\^~<>|\u221e]|[{}$&#_%]/g, (character) => latexEscapes[character] ?? `\\${character}`)
    .replace(/(?<![\w)}-])-(?=\d|\$)/g, "$$-$$");
  // After "\\" a bracket would be read as an optional argument.
  return escaped.startsWith("[") ? `{[}${escaped.slice(1)}` : escaped;
}

function oneLine(raw: string): string {
  return raw.replace(/\s*[\r\n]+\s*/g, " ");
}
