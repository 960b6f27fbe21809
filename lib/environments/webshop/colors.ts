/** The reward's idea of colours: any text that contains a colour's name is that colour. */

/** An option that a goal asks for: name and value in generated goals, the value alone in goals that people wrote. */
export type WantedOption = string | readonly [name: string, value: string];

/** In the order in which they are looked for; the first found counts. */
const COLORS = (
  "alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux bronze brown burgundy camel camo " +
  "caramel champagne charcoal cheetah chestnut chocolate christmas coffee cognac copper coral cranberry cream crystal " +
  "dark denim eggplant elephant espresso fuchsia gold granite grape graphite grass gray green grey heather indigo " +
  "ivory ivy khaki lavender lemon leopard light lilac lime magenta maroon mauve merlot midnight mint mocha multicolor " +
  "mushroom mustard natural navy nude olive orange peach pewter pink plum purple rainbow red rose royal rust sand " +
  "sapphire seashell silver skull slate steel stone stonewash sunflower tan taupe teal tiger turquoise violet walnut " +
  "wheat white wine yellow"
).split(" ");

/** The first colour whose name is part of the text (the "tan" of "standard", the "red" of "adored"), else the text. */
export function normalizeColor(text: string): string {
  return COLORS.find((color) => text.includes(color)) ?? text;
}

/** For a pair a colour counts only if it is the whole name or the whole value; else the pair stays. */
export function normalizeOption(option: WantedOption): WantedOption {
  if (typeof option === "string") return normalizeColor(option);
  return COLORS.find((color) => option.includes(color)) ?? option;
}
