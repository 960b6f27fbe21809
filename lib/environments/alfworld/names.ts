/** Names as the agent reads them: ALFRED's mangled ids, numbered per class. */

/**
 * `mug_bar__plus_00_dot_50…` -> `mug 2`, for all ids of a game at once.
 *
 * Ids are taken in ascending order and a class's numbers are handed out from its size down to 1. The class is what
 * stands before the first `_bar_`, with "basin" added where the id has that word (so a sink's basin is a sinkbasin).
 * An id without `_bar_` has no number; its name ends in a space, as in the original.
 */
export function nameAll(ids: Iterable<string>): ReadonlyMap<string, string> {
  const sorted = [...new Set(ids)].sort();
  const left = new Map<string, number>();
  for (const id of sorted) {
    const type = classOf(id);
    if (type !== undefined) left.set(type, (left.get(type) ?? 0) + 1);
  }
  const names = new Map<string, string>();
  for (const id of sorted) {
    const type = classOf(id);
    if (type === undefined) names.set(id, `${unmangle(id)} `);
    else {
      const number = left.get(type)!;
      left.set(type, number - 1);
      names.set(id, `${type} ${number}`);
    }
  }
  return names;
}

/** `sink_bar_…_bar_sinkbasin` -> `sinkbasin`; undefined for an id without `_bar_`. */
export function classOf(id: string): string | undefined {
  const end = id.indexOf("_bar_");
  if (end < 0) return undefined;
  return id.slice(0, end) + (id.includes("basin") ? "basin" : "");
}

/** `mug 2` -> `mug`. */
export function classOfName(name: string): string {
  return name.slice(0, name.lastIndexOf(" "));
}

function unmangle(id: string): string {
  return id.replaceAll("_minus_", "-").replaceAll("_plus_", "+").replaceAll("_dot_", ".").replaceAll("_comma_", ",");
}
