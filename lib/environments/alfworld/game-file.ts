/** `game.tw-pddl` files, the form in which ALFWorld keeps a game: reading the library's and writing our own. */
import { readFileSync } from "node:fs";
import { DOMAIN_ACTIONS, domainFor, grammarFor } from "./domain";
import { compileGame, type Game } from "./game";
import { parseExpression, parseProblem, type Expression, type Problem } from "./pddl";
import type { GameSource, Wording } from "./room";

/** Reads one game as data; throws an Error that names the file and what is wrong with it. */
export function readGameSource(file: string, wording?: Wording): GameSource {
  return inFile(file, () => parseGame(readFileSync(file, "utf8"), wording));
}

/** Reads one game to be played; `wording` overrides the file's own. Throws as {@link readGameSource} does. */
export function readGameFile(file: string, wording?: Wording): Game {
  return inFile(file, () => compileGame(parseGame(readFileSync(file, "utf8"), wording)));
}

/** Runs `read`; whatever it throws then begins with the file's name. */
export function inFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** Reads the text of a `game.tw-pddl`; throws an Error that says what is missing, broken or foreign. */
export function parseGame(text: string, wording?: Wording): GameSource {
  const data: unknown = JSON.parse(text);
  const { pddl_domain, pddl_problem, grammar } = (data ?? {}) as { readonly [key: string]: unknown };
  for (const [key, value] of Object.entries({ pddl_domain, pddl_problem, grammar }))
    if (typeof value !== "string") throw new Error(`"${key}" must be a string, got ${typeof value}`);
  checkDomain(pddl_domain as string);
  return {
    task: readTask(grammar as string),
    wording: wording ?? readWording(grammar as string),
    problem: parseProblem(pddl_problem as string),
  };
}

/** The text of a `game.tw-pddl` that {@link parseGame}, and the original, read back as the same game. */
export function formatGame({ task, wording, problem }: GameSource): string {
  return JSON.stringify(
    {
      pddl_domain: domainFor(wording),
      grammar: grammarFor(task, wording),
      pddl_problem: formatProblem(problem),
      solvable: true,
      walkthrough: null,
    },
    null,
    1,
  );
}

/** The domain last found good: nearly all files have the same. */
let goodDomain: string | undefined;

/** The rules are ours, so a file with other actions than ALFRED's would be played wrongly. */
function checkDomain(domain: string): void {
  if (domain === goodDomain) return;
  const [, name, ...parts] = parseExpression(domain);
  if (!Array.isArray(name) || name[1] !== "alfred")
    throw new Error('"pddl_domain" does not define the domain "alfred"');
  const actions = parts.flatMap((part) => (part[0] === ":action" ? [String(part[1])] : []));
  const foreign = actions.filter((action) => !DOMAIN_ACTIONS.includes(action) && action !== "help");
  const missing = DOMAIN_ACTIONS.filter((action) => !actions.includes(action));
  if (foreign.length > 0) throw new Error(`the domain has unknown actions: ${foreign.join(", ")}`);
  if (missing.length > 0) throw new Error(`the domain lacks actions: ${missing.join(", ")}`);
  goodDomain = domain;
}

function readTask(grammar: string): string {
  const match = /"task"\s*:\s*\[\s*\{\s*"rhs"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(grammar);
  if (!match) throw new Error('the grammar has no rule "task"');
  return JSON.parse(match[1]) as string;
}

/** Files keep the words of the library that made them, whichever library plays them. */
function readWording(grammar: string): Wording {
  if (/template\s*::\s*"put \{o\} in\/on \{r\}"/.test(grammar)) return "put";
  if (/template\s*::\s*"move \{o\} to \{r\}"/.test(grammar)) return "move";
  throw new Error('the grammar has neither "put {o} in/on {r}" nor "move {o} to {r}"');
}

function formatProblem({ objects, facts, goal }: Problem): string {
  return [
    "(define (problem plan_trial)",
    "(:domain alfred)",
    "(:objects",
    ...objects.map(([id, type]) => `  ${id} - ${type}`),
    ")",
    "(:init",
    ...facts.map((fact) => `  ${formatExpression(fact)}`),
    ")",
    `(:goal ${formatExpression(goal)})`,
    ")",
  ].join("\n");
}

function formatExpression(expression: Expression): string {
  return typeof expression === "string" ? expression : `(${expression.map(formatExpression).join(" ")})`;
}
