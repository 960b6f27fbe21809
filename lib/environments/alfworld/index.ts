/**
 * AlfWorld: household tasks in a room told as text: find a thing, clean, heat or cool it, put it somewhere, look at it.
 *
 * - Tasks: made up from seeds: four kinds of rooms, ALFRED's six task types. 1,880 are listed, and
 *   `alfworld_train-easy-4711` is one more. `openAlfWorld({ dataDir })` plays ALFWorld's own games instead, with AgentGym's
 *   numbers where its lists of games lie beside them; `gameTask(file)` makes a task of a single file.
 * - Levels: easy is placing a thing or looking at it under a lamp; hard is cleaning, heating or cooling it on the way, or
 *   placing two. Results are also told by task type.
 * - Splits: by goal (task type, thing and target), 40 / 30 / 30 %. Half of the test tasks are in rooms that no other split
 *   has (`params.layout` "unseen"). ALFWorld's own: AgentGym's test list, or what is not in `train`, is test.
 * - Reward: 1 for the step that reaches the goal, else 0. Turns: 30, as in AgentGym's multi-task evaluation; the game
 *   itself ends after 50 steps.
 * - What the agent sees of possible actions: all of them, once, with the first observation. The server lists them always.
 * - Follows: ALFWorld 0.3.3 as served by AgentGym; the sentences of alfworld 0.4 (`move … to …`) are an option. A game
 *   file keeps its own.
 * - Known faults kept: numbers fall along a list; "a apple", ", and " between two; `look` in the middle of the room sees
 *   nothing; `look` finds on the floor what was moved between two receptacles at one place; only what is held can be
 *   examined; `use` always says "on"; a microwave heats and a fridge cools while closed; a lamp in a closed drawer can be
 *   used; one may not go where one is, nor to what is reached from the same place.
 */
import type { EnvironmentDefinition, TaskSpec } from "../../types";
import { refuseUnknownKeys } from "../../errors";
import { formatReact, parseReply } from "../support";
import { alfWorldDemonstration } from "./demonstration";
import { AlfWorldEnvironment } from "./environment";
import { alfWorldExpert, planLength } from "./expert";
import { GameFolder, gameTask } from "./folder";
import { formatGame } from "./game-file";
import { GameLibrary } from "./library";
import { phrases, promptFor, renderAlfWorld } from "./prompt";
import type { Wording } from "./room";
import { levels, OwnTasks } from "./tasks";
import { toolsFor } from "./tools";
import { World } from "./world";

export { gameTask } from "./folder";
export { gameName } from "./tasks";

const VERSION = "1";
/** AgentGym's multi-task evaluation gives AlfWorld 30 rounds. */
const MAX_TURNS = 30;

export interface AlfWorldOptions {
  /** A folder with `game.tw-pddl` files at any depth, such as the one that `alfworld-download` fills. */
  readonly dataDir?: string;
  /** Where AgentGym's `mappings_train.json` and `mappings_test.json` are; default: in `dataDir` or its `configs`. */
  readonly mappings?: string;
  /** Default: "put" for games made up, and a file's own for those read. */
  readonly wording?: Wording;
}

/** AlfWorld with what only it has. */
export interface AlfWorldDefinition extends EnvironmentDefinition {
  /** The task for one game file of ALFWorld's; throws an Error that names the file and what is wrong with it. */
  fileTask(file: string): TaskSpec;
  /** A task's game as the text of a `game.tw-pddl`, which ALFWorld itself can play. */
  gameFile(task: TaskSpec): string;
  /** Files of `dataDir` that are no games, each with the reason; the others are tasks. */
  problems(): readonly string[];
}

/**
 * AlfWorld on ALFWorld's own games, or in other words. Throws an Error for a folder without games and a RangeError for
 * an unknown option.
 */
export function openAlfWorld(options: AlfWorldOptions = {}): AlfWorldDefinition {
  refuseUnknownKeys("AlfWorld", options, ["dataDir", "mappings", "wording"]);
  const { dataDir, mappings, wording } = options;
  if (wording !== undefined && wording !== "put" && wording !== "move")
    throw new RangeError(`wording must be "put" or "move", got ${JSON.stringify(wording)}`);
  const library = new GameLibrary(wording);
  const folder = dataDir === undefined ? undefined : new GameFolder(dataDir, mappings);
  const tasks = folder ?? ownTasks(library);
  return {
    id: "alfworld",
    title: "AlfWorld",
    version: [VERSION, wording, folder?.fingerprint].filter(Boolean).join("-"),
    maxTurns: MAX_TURNS,
    levels,
    breakdown: "taskType",
    prompt: promptFor(wording ?? "put"),
    tools: toolsFor(wording ?? "put"),
    phrases,
    create: () => new AlfWorldEnvironment((task) => library.load(task)),
    tasks: (query) => tasks.select(query),
    task: (id) => tasks.find(id),
    render: renderAlfWorld,
    parse: parseReply,
    format: formatReact,
    expert: (environment) => alfWorldExpert(environment as AlfWorldEnvironment, MAX_TURNS),
    demonstrate: (task, random, renaming) => alfWorldDemonstration(library, task, random, MAX_TURNS, renaming),
    fileTask: (file) => gameTask(file),
    gameFile: (task) => formatGame(library.source(task)),
    problems: () => folder?.problems ?? [],
  };
}

/** Our own tasks: games that the expert can win twice over in the turns there are. */
function ownTasks(library: GameLibrary): OwnTasks {
  return new OwnTasks((task) => {
    const game = library.load(task);
    const turns = planLength(game, new World(game.room));
    return turns > 1 && turns <= MAX_TURNS / 2;
  });
}

/** AlfWorld on games made up here: nothing to download. */
export const alfworld: AlfWorldDefinition = openAlfWorld();
