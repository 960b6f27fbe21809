/** Heat maps of results: a number in each cell, and a sign that an interval covers 0. */
import { coversZero, isEstimate, type Result } from "../metrics/estimates";
import { hover, type Figure } from "./figure";

export interface HeatOptions {
  readonly title: string;
  readonly alt: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** Title of the colour bar. */
  readonly unit: string;
  /** Centred at 0, with cells whose interval covers 0 in brackets; otherwise from 0 to 1. */
  readonly diverging: boolean;
  /** Factor before printing and colouring; default 100. */
  readonly scale?: number;
  /** Decimals in the cells; default 1. */
  readonly digits?: number;
  /** Cells to frame, as [row, column]: trained and tested on the same. */
  readonly framed?: readonly (readonly [number, number])[];
  /** Added to a cell's hover. */
  readonly note?: (row: number, column: number) => string;
}

/** Blue below, orange above, white at 0: apart for colour-blind readers; in grey print the signs tell. */
const DIVERGING = [
  [0, "#0072b2"],
  [0.5, "#ffffff"],
  [1, "#d55e00"],
];
const SEQUENTIAL = [
  [0, "#ffffff"],
  [1, "#0072b2"],
];

/** A heat map of `results[row][column]`; null is an empty cell, what is not available a cell "n/a". */
export function heatMap(results: readonly (readonly (Result | null)[])[], options: HeatOptions): Figure {
  const { title, alt, rows, columns, diverging, scale = 100, digits = 1, framed = [], note = () => "" } = options;
  const values = results.map((row) => row.map((cell) => (isEstimate(cell) ? cell.value * scale : null)));
  const most = Math.max(1e-9, ...values.flat().map((value) => Math.abs(value ?? 0)));
  const text = results.map((row) => row.map((cell) => cellText(cell, { scale, digits, diverging })));
  const hovers = results.map((row, i) =>
    row.map((cell, j) => {
      const where = `${rows[i]}, ${columns[j]}`;
      if (cell === null) return "";
      if (!isEstimate(cell)) return `${where}<br>n/a: ${cell.na}`;
      const { value, low, high } = cell;
      const scaled = { ...cell, value: value * scale, low: low * scale, high: high * scale };
      return [where, hover(scaled, digits), note(i, j)].filter(Boolean).join("<br>");
    }),
  );
  return {
    title,
    alt,
    data: [
      {
        type: "heatmap",
        x: columns,
        y: rows,
        z: values,
        text,
        texttemplate: "%{text}",
        customdata: hovers,
        hovertemplate: "%{customdata}<extra></extra>",
        hoverongaps: false,
        colorscale: diverging ? DIVERGING : SEQUENTIAL,
        zmin: diverging ? -most : 0,
        zmax: diverging ? most : scale,
        xgap: 2,
        ygap: 2,
        colorbar: { title: { text: options.unit, side: "right" }, thickness: 12, outlinewidth: 0 },
      },
    ],
    layout: {
      height: 150 + 54 * rows.length,
      xaxis: { title: { text: options.columnTitle }, type: "category", showgrid: false },
      yaxis: { title: { text: options.rowTitle }, type: "category", showgrid: false, autorange: "reversed" },
      shapes: framed.map(([i, j]) => ({
        type: "rect",
        x0: j - 0.49,
        x1: j + 0.49,
        y0: i - 0.49,
        y1: i + 0.49,
        line: { color: "#000000", width: 2 },
      })),
      annotations: results.flatMap((row, i) =>
        row.flatMap((cell, j) =>
          cell === null || isEstimate(cell)
            ? []
            : [{ x: j, y: i, text: "n/a", showarrow: false, font: { size: 11, color: "#777777" } }],
        ),
      ),
    },
  };
}

/** "+4.2", or "(+4.2)" where the interval covers 0; without a sign where the scale is not about 0. */
function cellText(
  cell: Result | null,
  { scale, digits, diverging }: { readonly scale: number; readonly digits: number; readonly diverging: boolean },
): string {
  if (!isEstimate(cell)) return "";
  const value = (cell.value * scale).toFixed(digits);
  if (!diverging) return value;
  const signed = Number(value) === 0 ? (0).toFixed(digits) : Number(value) > 0 ? `+${value}` : value;
  return coversZero(cell) ? `(${signed})` : signed;
}
