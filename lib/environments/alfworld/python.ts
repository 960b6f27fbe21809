/**
 * Python's `str.strip`: its white space is JavaScript's with five control characters more and the byte order mark less.
 */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text[start])) start++;
  while (end > start && isSpace(text[end - 1])) end--;
  return text.slice(start, end);
}

const CONTROLS = "\t\n\v\f\r\u001c\u001d\u001e\u001f ";

function isSpace(character: string): boolean {
  if (character <= " ") return CONTROLS.includes(character);
  return character === "\u0085" || (character > "~" && character !== "\ufeff" && /\s/.test(character));
}
