/** The one build of Plotly that draws every figure: static, live in a notebook, and in a browser for paper. */
export function plotlyFile(): string {
  return require.resolve("plotly.js-dist-min");
}
