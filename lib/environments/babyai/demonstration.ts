/** Imperfect, varied play for behaviour cloning. */
import type { Advice, Demonstration, DemonstrationTurn, RandomSource, TaskSpec } from "../../types";
import { formatReact } from "../support";
import { BabyAI } from "./environment";
import { BabyAIExpert } from "./expert";
import type { Fidelity } from "./level";
import { CHECK } from "./menu";
import { COLORS } from "./world";

/** Per turn; with about seven turns on average some 15 percent of the demonstrations contain a mistake. */
const MISTAKE = 0.025;
/** Per demonstration. */
const RENAMED = 0.5;
/** Per turn. */
const SILENT = 0.08;
const WORDY = 0.08;
const OPENINGS = ["I read what I see. ", "Let me think. ", "I am not done yet. "];

/**
 * One playing of the task by the expert, for at most `maxTurns` turns. Now and then it takes some other listed
 * action and recovers, says nothing, or says more; in half of all demonstrations the six colors are exchanged.
 */
export function demonstrate(
  task: TaskSpec,
  random: RandomSource,
  maxTurns: number,
  fidelity: Fidelity,
  renaming = true,
): Demonstration {
  const environment = new BabyAI(fidelity);
  const rename = random.next() < RENAMED && renaming ? colorExchange(random) : (text: string): string => text;
  let shown = environment.reset(task).text;
  const expert = new BabyAIExpert(environment);
  const turns: DemonstrationTurn[] = [];
  while (turns.length < maxTurns) {
    const advice = expert.next();
    if (!advice) break;
    const reply = vary(advice, [...environment.running.menu.moves.keys()], random);
    turns.push({ shown: rename(shown), reply: rename(formatReact(reply)) });
    const step = environment.step(reply.action);
    if (step.done) break;
    shown = step.observation.text;
  }
  return { task, turns };
}

function vary({ thought, action }: Advice, actions: readonly string[], random: RandomSource): Advice {
  const others = actions.filter((other) => other !== action && other !== CHECK);
  const taken = random.next() < MISTAKE && others.length > 0 ? random.pick(others) : action;
  const style = random.next();
  if (style < SILENT) return { thought: "", action: taken };
  return { thought: style < SILENT + WORDY ? random.pick(OPENINGS) + thought : thought, action: taken };
}

/** Exchanges the colors everywhere in the same way. */
function colorExchange(random: RandomSource): (text: string) => string {
  const names = new Map(random.shuffle(COLORS).map((color, i) => [COLORS[i] as string, color]));
  const anyColor = new RegExp(`\\b(${COLORS.join("|")})\\b`, "g");
  return (text) => text.replace(anyColor, (color) => names.get(color)!);
}
