/**
 * Demonstrations for behaviour cloning: the expert's shopping with its share of slips, in three manners of speaking,
 * half of it under other names. All variation comes from the random source.
 */
import type { Advice, Demonstration, DemonstrationTurn, RandomSource, TaskSpec } from "../../types";
import { formatReact } from "../support";
import { WebShopEnvironment } from "./environment";
import { webShopExpert } from "./expert";
import { onPage } from "./pages";
import { drawRenaming } from "./renaming";
import type { Shop } from "./shop";

/** Share of demonstrations with a slip, without thoughts, with wordier thoughts, under other names. */
const SLIP = 0.15;
const SILENT = 0.15;
const WORDY = 0.15;
const RENAMED = 0.5;

/** Plays `task` to its end, or for `maxTurns` turns. */
export function webShopDemonstration(
  shop: Shop,
  task: TaskSpec,
  random: RandomSource,
  maxTurns: number,
  renaming = true,
): Demonstration {
  const slipAt = random.next() < SLIP ? random.integer(4) : -1;
  const manner = random.next();
  const rename = random.next() < RENAMED && renaming ? drawRenaming(random) : (text: string): string => text;
  const environment = new WebShopEnvironment(shop);
  let shown = environment.reset(task).text;
  const expert = webShopExpert(environment);
  const turns: DemonstrationTurn[] = [];
  while (turns.length < maxTurns) {
    const advice = expert.next();
    if (!advice) break;
    const meant = turns.length === slipAt ? slip(environment, advice, random) : advice;
    const thought =
      manner < SILENT ? "" : manner < SILENT + WORDY ? wordier(meant, environment, random) : meant.thought;
    turns.push({ shown: rename(shown), reply: rename(formatReact({ thought, action: meant.action })) });
    shown = environment.step(meant.action).observation.text;
  }
  return { task, turns };
}

/** A plausible wrong turn in place of the expert's advice. */
function slip(environment: WebShopEnvironment, advice: Advice, random: RandomSource): Advice {
  const { place, goal, found, resultsNumber, product } = environment;
  const { thought } = advice;
  if (place === "index") {
    const words = random.pick([goal.query, `${goal.attributes[0]} ${goal.query}`]);
    return { thought, action: random.pick([`search[${words}]`, "click[search]"]) };
  }
  if (place === "search_results") {
    const listed = onPage(found, resultsNumber);
    const other = listed.length > 0 ? [`click[${random.pick(listed).asin}]`] : [];
    return { thought: "", action: random.pick([...other, ...other, "click[next >]", "click[buy now]"]) };
  }
  if (place === "item_page" && product) {
    const values = product.options.flatMap((option) => option.values);
    const wrong = values.length > 0 ? [`click[${random.pick(values)}]`] : [];
    return {
      thought,
      action: random.pick([...wrong, ...wrong, "click[description]", "click[buy now]", "click[< prev]"]),
    };
  }
  return { thought, action: "click[buy now]" };
}

function wordier({ thought, action }: Advice, { goal }: WebShopEnvironment, random: RandomSource): string {
  const intent = action.startsWith("search") ? "So I search." : `So I click ${action.slice("click[".length, -1)}.`;
  return random
    .pick([
      `Let me see. ${thought}`,
      `${thought} ${intent}`,
      `Let me see. ${thought} ${intent}`,
      `I shop for ${goal.query}. ${thought}`,
    ])
    .trim();
}
