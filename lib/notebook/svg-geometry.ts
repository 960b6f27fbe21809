/**
 * The geometry of SVG in a window that draws nothing (jsdom). Plotly asks for bounding boxes to place legends, tick
 * labels and margins; here they follow from the font size and the widths of Helvetica's letters, which Arial and
 * Liberation Sans share. It asks for lengths of paths to set arrow heads. Other shapes than text, rectangles and groups
 * of these have no box: none is asked for.
 */

/** Left, top, right, bottom in pixels; undefined where there is nothing to see. */
type Box = readonly [number, number, number, number] | undefined;
/** The matrix (a b c d e f) of an SVG transform. */
type Matrix = readonly [number, number, number, number, number, number];

/** The little of an SVG element that is read here. */
interface Node {
  readonly nodeType: number;
  readonly nodeValue: string | null;
  readonly localName: string;
  readonly children: ArrayLike<Node>;
  readonly childNodes: ArrayLike<Node>;
  readonly parentElement: Node | null;
  readonly style?: { getPropertyValue(name: string): string };
  getAttribute(name: string): string | null;
}

const identity: Matrix = [1, 0, 0, 1, 0, 0];
const ascent = 0.905;
const descent = 0.212;
/** Advance widths in thousandths of the font size, from the space (32) to the tilde (126). */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];

/** Makes the window's SVG elements answer questions about boxes, text and the length of paths. */
export function installGeometry(window: { readonly SVGElement: { readonly prototype: object } }): void {
  const proto = window.SVGElement.prototype as Record<string, unknown>;
  proto.getBBox = function (this: Node) {
    return rectangle(localBox(this));
  };
  proto.getBoundingClientRect = function (this: Node) {
    return rectangle(transformBox(localBox(this), toPage(this)));
  };
  proto.getComputedTextLength = function (this: Node) {
    return rectangle(textBox(this)).width;
  };
  proto.getTotalLength = function (this: Node) {
    return pointAlong(this, Infinity).length;
  };
  proto.getPointAtLength = function (this: Node, length: number) {
    return pointAlong(this, length);
  };
}

/** Width in pixels of one line of text. */
export function textWidth(text: string, size: number, bold = false): number {
  let thousandths = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 32 && code < 127) thousandths += widths[code - 32];
    else if (code >= 0x2e80) thousandths += 1000;
    else if (code >= 0xa0 && !(code >= 0x300 && code < 0x370) && !(code >= 0x200b && code < 0x2010)) thousandths += 556;
  }
  return (thousandths / 1000) * size * (bold ? 1.07 : 1);
}

function rectangle(box: Box) {
  const [left, top, right, bottom] = box ?? [0, 0, 0, 0];
  return { x: left, y: top, left, top, right, bottom, width: right - left, height: bottom - top };
}

function union(a: Box, b: Box): Box {
  if (!a || !b) return a ?? b;
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** The box of an element in its own coordinates, without its own transform. */
function localBox(element: Node): Box {
  const name = element.localName;
  if (name === "text" || name === "tspan") return textBox(element);
  if (name === "rect" || name === "image") {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((key) => number(element, key));
    return [x, y, x + width, y + height];
  }
  if (name !== "g" && name !== "svg" && name !== "a") return undefined;
  let box: Box;
  for (const child of Array.from(element.children)) {
    if (child.style?.getPropertyValue("display") === "none") continue;
    box = union(box, transformBox(localBox(child), transformOf(child)));
  }
  return box;
}

/** Lays out the lines of a text element: every absolute `x` begins a new line that is placed by its anchor. */
function textBox(element: Node): Box {
  let box: Box;
  const pen = { x: 0, y: 0 };
  let line = { width: 0, top: 0, bottom: 0, anchor: "start" };
  const finish = (): void => {
    if (line.width > 0) {
      const left = pen.x - (line.anchor === "middle" ? line.width / 2 : line.anchor === "end" ? line.width : 0);
      box = union(box, [left, line.top, left + line.width, line.bottom]);
    }
    line = { width: 0, top: Infinity, bottom: -Infinity, anchor: "start" };
  };
  const visit = (node: Node): void => {
    const size = fontSize(node);
    if (node.getAttribute("x") !== null) {
      finish();
      pen.x = number(node, "x");
    }
    if (node.getAttribute("y") !== null) pen.y = number(node, "y");
    const dy = node.getAttribute("dy") ?? "0";
    pen.y += parseFloat(dy) * (dy.endsWith("em") ? size : 1);
    for (const child of Array.from(node.childNodes)) {
      if (child.nodeType === 1) visit(child);
      if (child.nodeType !== 3 || !child.nodeValue) continue;
      line.anchor = inherited(node, "text-anchor") ?? "start";
      line.width += textWidth(child.nodeValue, size, /^(bold|[6-9]00)$/.test(inherited(node, "font-weight") ?? ""));
      line.top = Math.min(line.top, pen.y - ascent * size);
      line.bottom = Math.max(line.bottom, pen.y + descent * size);
    }
  };
  finish();
  visit(element);
  finish();
  return box;
}

/**
 * The point at a length along a path made of absolute M, L, H, V and Z, and how long the path is up to there.
 * Curves count as the straight lines between their ends.
 */
function pointAlong(path: Node, length: number): { x: number; y: number; length: number } {
  let at = { x: 0, y: 0 };
  let walked = 0;
  for (const [, command, list] of (path.getAttribute("d") ?? "").matchAll(/([MLHVCSQTA])([^A-Za-z]*)/g)) {
    const numbers = list
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
    const [x, y] = numbers.slice(-2);
    const to = command === "H" ? { x, y: at.y } : command === "V" ? { x: at.x, y: x } : { x, y };
    const step = command === "M" ? 0 : Math.hypot(to.x - at.x, to.y - at.y);
    if (step > 0 && walked + step >= length) {
      const part = (length - walked) / step;
      return { x: at.x + part * (to.x - at.x), y: at.y + part * (to.y - at.y), length };
    }
    walked += step;
    at = to;
  }
  return { ...at, length: walked };
}

function number(element: Node, attribute: string): number {
  return parseFloat(element.getAttribute(attribute) ?? "0") || 0;
}

/** A presentation property from the nearest element that sets it by style or attribute. */
function inherited(element: Node, property: string): string | undefined {
  for (let at: Node | null = element; at; at = at.parentElement) {
    const value = at.style?.getPropertyValue(property) || at.getAttribute(property);
    if (value) return value;
  }
  return undefined;
}

/** Font size in pixels; `70%` and `0.7em` count from the parent's. */
function fontSize(element: Node | null): number {
  if (!element) return 12;
  const value = element.style?.getPropertyValue("font-size") || element.getAttribute("font-size");
  if (!value) return fontSize(element.parentElement);
  if (value.endsWith("%")) return (parseFloat(value) / 100) * fontSize(element.parentElement);
  if (value.endsWith("em")) return parseFloat(value) * fontSize(element.parentElement);
  return parseFloat(value);
}

function toPage(element: Node): Matrix {
  let matrix = identity;
  for (let at: Node | null = element; at; at = at.parentElement) matrix = multiply(transformOf(at), matrix);
  return matrix;
}

function transformOf(element: Node): Matrix {
  let matrix = identity;
  for (const [, name, list] of (element.getAttribute("transform") ?? "").matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    const [a, b = 0, c = 0, d = 0, e = 0, f = 0] = list.split(/[\s,]+/).map(Number);
    if (name === "translate") matrix = multiply(matrix, [1, 0, 0, 1, a, b]);
    if (name === "scale") matrix = multiply(matrix, [a, 0, 0, b || a, 0, 0]);
    if (name === "matrix") matrix = multiply(matrix, [a, b, c, d, e, f]);
    if (name === "rotate") {
      const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
      matrix = multiply(matrix, [cos, sin, -sin, cos, b - cos * b + sin * c, c - sin * b - cos * c]);
    }
  }
  return matrix;
}

function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

function transformBox(box: Box, [a, b, c, d, e, f]: Matrix): Box {
  if (!box) return undefined;
  const xs = [0, 2].flatMap((i) => [1, 3].map((j) => a * box[i] + c * box[j] + e));
  const ys = [0, 2].flatMap((i) => [1, 3].map((j) => b * box[i] + d * box[j] + f));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
