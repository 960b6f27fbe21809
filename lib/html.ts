/** Text as HTML or XML, in content and in quoted attributes alike: nothing in it is read as markup. */
export function escapeHtml(raw: string): string {
  return raw.replace(/[&<>"']/g, (character) => ESCAPES[character]);
}

const ESCAPES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
