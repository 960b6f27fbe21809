import { describe, expect, it } from "vitest";
import { formatEstimate, formatNumber, table, type Column } from "../lib/table";
import type { Estimate } from "../lib/types";

const estimate = (value: number, low: number, high: number, extra: Partial<Estimate> = {}): Estimate => {
  return { value, low, high, n: 240, k: 8, method: "95 % t, clustered by task", ...extra };
};
const rows = [
  { train: "webshop", base: estimate(0.421, 0.36, 0.482), change: estimate(0.033, -0.01, 0.076) },
  { train: "babyai", base: estimate(0.5, 0.4, 0.6), change: null },
];
const columns: Column<"train" | "base" | "change">[] = [
  { key: "train", title: "trained on", kind: "label" },
  { key: "base", metric: "avg@8", threshold: "success" },
  { key: "change", signed: true },
];

describe("table", () => {
  it("prints an estimate times 100 with its interval", () => {
    expect(formatEstimate(estimate(0.421, 0.36, 0.482))).toBe("42.1 [36.0, 48.2]");
    expect(formatEstimate(estimate(4.19, 4, 4.4), { scale: 1, digits: 2 })).toBe("4.19 [4.00, 4.40]");
    expect(formatEstimate(estimate(0.033, -0.01, 0.076), { signed: true })).toBe("+3.3 [-1.0, +7.6]");
    expect(formatNumber(-0.0001, 1)).toBe("0.0");
    expect(formatNumber(Infinity, 1)).toBe("∞");
  });

  it("prints Markdown with metric, threshold and unit in the header and the method below", () => {
    expect(table(rows, columns, { caption: "Held-out" }).toMarkdown()).toBe(
      [
        "**Held-out**",
        "",
        "| trained on | base (avg@8, success, %) | change (%) |",
        "| --- | ---: | ---: |",
        "| webshop | 42.1 [36.0, 48.2] | +3.3 [-1.0, +7.6] |",
        "| babyai | 50.0 [40.0, 60.0] |  |",
        "",
        "n = 240, k = 8; 95 % t, clustered by task",
        "",
      ].join("\n"),
    );
  });

  it("prints booktabs LaTeX", () => {
    expect(table(rows, columns, { caption: "Held-out" }).toLatex()).toBe(
      [
        "\\begin{table}",
        "\\centering",
        "\\caption{Held-out}",
        "\\begin{tabular}{lrr}",
        "\\toprule",
        "trained on & base (avg@8, success, \\%) & change (\\%) \\\\",
        "\\midrule",
        "webshop & 42.1 [36.0, 48.2] & +3.3 [$-$1.0, +7.6] \\\\",
        "babyai & 50.0 [40.0, 60.0] &  \\\\",
        "\\bottomrule",
        "\\end{tabular}",
        "\\par\\footnotesize n = 240, k = 8; 95 \\% t, clustered by task",
        "\\end{table}",
        "",
      ].join("\n"),
    );
  });

  it("prints CSV in full precision, an estimate as six fields", () => {
    const lines = table(rows, columns).toCsv().split("\r\n");
    expect(lines[0]).toBe(
      "trained on,base,base low,base high,base n,base k,base method,change,change low,change high,change n,change k,change method",
    );
    expect(lines[1]).toBe(
      'webshop,0.421,0.36,0.482,240,8,"95 % t, clustered by task",0.033,-0.01,0.076,240,8,"95 % t, clustered by task"',
    );
    expect(lines[2].endsWith(",,,,,,")).toBe(true);
  });

  it("prints aligned text and HTML", () => {
    const printed = table(rows, columns).toText().split("\n");
    expect(printed[0]).toBe("trained on  base (avg@8, success, %)         change (%)");
    expect(printed[2]).toBe("webshop            42.1 [36.0, 48.2]  +3.3 [-1.0, +7.6]");
    expect(String(table(rows, columns))).toBe(table(rows, columns).toText());
    const html = table(rows, columns, { caption: "a < b" }).toHtml();
    expect(html).toContain("<caption>a &lt; b</caption>");
    expect(html).toContain('<td style="text-align: right">42.1 [36.0, 48.2]</td>');
    expect(html).toContain("n = 240, k = 8");
  });

  it("marks cells by letter where n, k or method differ, and gives the reason of an n/a", () => {
    const mixed = [
      { env: "a", x: estimate(0.1, 0, 0.2) },
      { env: "b", x: estimate(0.1, 0, 0.2, { n: 90 }) },
      { env: "c", x: { na: "the interval of the gain covers 0" } },
    ];
    const printed = table(mixed, [{ key: "env", kind: "label" }, { key: "x" }]);
    expect(printed.notes).toEqual([
      "a: n = 240, k = 8; 95 % t, clustered by task",
      "b: n = 90, k = 8; 95 % t, clustered by task",
      "c: n/a: the interval of the gain covers 0",
    ]);
    expect(printed.toMarkdown()).toContain("| 10.0 [0.0, 20.0]<sup>b</sup> |");
    expect(printed.toLatex()).toContain("n/a\\textsuperscript{c}");
    expect(printed.toText()).toContain("n/a c");
    expect(printed.toCsv()).toContain("c,,,,,,n/a: the interval of the gain covers 0");
  });

  it("refuses a bare number as a result", () => {
    expect(() => table([{ x: 0.5 }], [{ key: "x" }])).toThrow(
      'row 1, column "x" (estimate) got 0.5; accepted: an Estimate with its interval (bare numbers are refused), null, { na: reason }',
    );
    expect(() => table([{ x: 0.5 }], [{ key: "x", kind: "label" }])).toThrow(/results belong in an estimate column/);
    expect(() => table([{ x: 0.5 }], [{ key: "x", kind: "count" }])).toThrow(/a whole number/);
    expect(() => table([{ x: undefined }], [{ key: "x" }])).toThrow(/got undefined/);
  });

  it("takes counts, p-values and reported numbers in columns of their own", () => {
    const row = { n: 240, p: 0.0004, paper: 60.1 };
    const printed = table(
      [row],
      [
        { key: "n", kind: "count" },
        { key: "p", kind: "p" },
        { key: "paper", kind: "reported", signed: true },
      ],
    );
    expect(printed.cells[0].map((cell) => cell.text)).toEqual(["240", "< 0.001", "+60.1"]);
    expect(printed.header[2]).toBe("paper (%, reported)");
  });

  it("prints turns and tokens as they are", () => {
    const printed = table([{ turns: estimate(10.76, 10, 11.5) }], [{ key: "turns", unit: "" }]);
    expect(printed.cells[0][0].text).toBe("10.8 [10.0, 11.5]");
    expect(printed.header).toEqual(["turns"]);
  });

  it("escapes what each format would read as markup", () => {
    const label = "[a|b] <c> 5 % & $x_1$ \\ #*\n~^ [l](u)";
    const printed = table([{ label }], [{ key: "label", kind: "label" }]);
    expect(printed.toMarkdown()).toContain("| [a\\|b] \\<c\\> 5 % & \\$x\\_1\\$ \\\\ \\#\\* \\~^ [l\\](u) |");
    expect(printed.toLatex()).toContain(
      "{[}a\\textbar{}b] \\textless{}c\\textgreater{} 5 \\% \\& \\$x\\_1\\$ \\textbackslash{} \\#* \\textasciitilde{}\\textasciicircum{} [l](u) \\\\",
    );
    expect(printed.toHtml()).toContain("[a|b] &lt;c&gt; 5 % &amp; $x_1$");
    expect(printed.toCsv()).toContain(`"${label}"`);
  });

  it("names unknown options and kinds", () => {
    expect(() => table([], [{ key: "x", decimals: 2 } as never])).toThrow(
      /unknown option "decimals"; known: key, title/,
    );
    expect(() => table([], [{ key: "x", kind: "number" } as never])).toThrow(/accepted: estimate, label, count/);
  });
});
