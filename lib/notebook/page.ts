/** A table, a transcript: anything that can be read as HTML and as plain text, and perhaps as Markdown and LaTeX. */
export interface Page {
  toHtml(): string;
  toText(): string;
  toMarkdown?(): string;
  toLatex?(): string;
}
