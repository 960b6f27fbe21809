/** A folder of ALFWorld's own games as tasks, numbered as AgentGym numbers them. */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { hash32 } from "../../random";
import type { Split, TaskQuery, TaskSpec } from "../../types";
import { inFile, readGameFile } from "./game-file";
import { levelOf } from "./tasks";

const GAME_FILE = /\.tw-pddl$/;

/** AgentGym's lists of games, out of its repository. */
const MAPPINGS = ["mappings_train.json", "mappings_test.json"] as const;

/**
 * The task for one game file. The id is AgentGym's number where given, else the names of its last two folders or, where
 * the file has a name of its own, that. Throws an Error that names the file and what is wrong with it.
 */
export function gameTask(file: string, number?: number, split: Split = "test"): TaskSpec {
  const { goal } = readGameFile(file);
  const taskType = goal?.taskType ?? "other";
  return {
    id: `alfworld_${number ?? nameOf(file)}`,
    env: "alfworld",
    level: levelOf(taskType),
    split,
    seed: 0,
    params: {
      taskType,
      ...(goal && { object: goal.object, target: goal.target }),
      file: path.resolve(file),
      folder: folderOf(file),
    },
  };
}

/**
 * All games below a folder, in the order of AgentGym's numbers and then of their paths. Numbers are known where AgentGym's
 * `mappings_train.json` and `mappings_test.json` lie in `mappings`, in the folder, or in its `configs`.
 */
export class GameFolder {
  /** Changes with the names and sizes of the files. */
  readonly fingerprint: string;
  private readonly files: readonly string[];
  private read: { readonly tasks: readonly TaskSpec[]; readonly problems: readonly string[] } | undefined;

  /** Lists the files; throws an Error for what is not a folder or has no games. They are read when asked for. */
  constructor(
    private readonly dataDir: string,
    private readonly mappings?: string,
  ) {
    if (!statSync(dataDir, { throwIfNoEntry: false })?.isDirectory())
      throw new Error(`${dataDir}: not a folder; give the one that alfworld-download filled (it holds json_2.1.1)`);
    const names = readdirSync(dataDir, { recursive: true, encoding: "utf8" })
      .filter((name) => GAME_FILE.test(name))
      .sort();
    if (names.length === 0) throw new Error(`${dataDir}: no game.tw-pddl in this folder or below`);
    this.files = names.map((name) => path.join(dataDir, name));
    this.fingerprint = hash32(names.map((name, i) => `${name} ${statSync(this.files[i]).size}`).join()).toString(16);
  }

  /** The tasks that a query asks for. */
  select({ split, level }: TaskQuery = {}): readonly TaskSpec[] {
    return this.readAll().tasks.filter(
      (task) => (split ?? task.split) === task.split && (level ?? task.level) === task.level,
    );
  }

  /** By id, by AgentGym's number or, where its lists are not there, by its place. Throws a RangeError that names them. */
  find(id: number | string): TaskSpec {
    const { tasks } = this.readAll();
    const numbered = tasks.some((task) => /^alfworld_\d+$/.test(task.id));
    const found =
      typeof id === "number" && !numbered
        ? tasks[id]
        : tasks.find((task) => task.id === id || task.id === `alfworld_${id}`);
    if (found) return found;
    const accepted = numbered ? "AgentGym's numbers of the games that are there" : `0 to ${tasks.length - 1}`;
    throw new RangeError(
      `unknown AlfWorld task ${JSON.stringify(id)} in ${this.dataDir}: give ${accepted}, or an id such as "${tasks[0]?.id}"`,
    );
  }

  /** Files that cannot be played, each with the reason. */
  get problems(): readonly string[] {
    return this.readAll().problems;
  }

  private readAll(): { readonly tasks: readonly TaskSpec[]; readonly problems: readonly string[] } {
    if (this.read) return this.read;
    const numbers = readMappings([this.mappings, this.dataDir, path.join(this.dataDir, "configs")]);
    const numberOf = (file: string): number => numbers.get(folderOf(file))?.number ?? Number.MAX_SAFE_INTEGER;
    const tasks = new Map<string, TaskSpec>();
    const problems: string[] = [];
    for (const file of this.files.slice().sort((a, b) => numberOf(a) - numberOf(b))) {
      const numbered = numbers.get(folderOf(file));
      try {
        const task = gameTask(file, numbered?.number, numbered?.split ?? splitOfPath(file));
        if (tasks.has(task.id)) throw new Error(`${file}: a second game with the id ${task.id}`);
        tasks.set(task.id, task);
      } catch (error) {
        problems.push((error as Error).message);
      }
    }
    return (this.read = { tasks: [...tasks.values()], problems });
  }
}

/** An entry of AgentGym's lists. */
interface Mapping {
  readonly item_id: number;
  readonly task_type: string;
  readonly task_id: string;
}

interface Numbered {
  readonly number: number;
  readonly split: Split;
}

/** Folders (`task_type/task_id`) -> AgentGym's number. */
function readMappings(places: readonly (string | undefined)[]): ReadonlyMap<string, Numbered> {
  const found = new Map<string, Numbered>();
  for (const name of MAPPINGS) {
    const file = places.map((place) => place && path.join(place, name)).find((place) => place && existsSync(place));
    if (!file) continue;
    const rows = inFile(file, () => JSON.parse(readFileSync(file, "utf8")) as readonly Mapping[]);
    for (const { item_id, task_type, task_id } of rows) {
      const folder = `${task_type}/${task_id}`;
      const split = name === "mappings_test.json" ? "test" : trainingSplit(folder);
      found.set(folder, { number: item_id, split });
    }
  }
  return found;
}

/** `pick_and_place_simple-Mug-None-Shelf-20/trial_T2019…`, AgentGym's name for a game. */
function folderOf(file: string): string {
  return path.resolve(file).split(path.sep).slice(-3, -1).join("/");
}

function nameOf(file: string): string {
  const name = path.basename(file).replace(GAME_FILE, "");
  return name === "game" ? folderOf(file) : name;
}

/** ALFWorld's own folders: `train` teaches, everything else is held out. */
function splitOfPath(file: string): Split {
  return path.resolve(file).split(path.sep).includes("train") ? trainingSplit(folderOf(file)) : "test";
}

/** Four of seven training games are for demonstrations, always the same; by goal folder, so goals are not shared. */
function trainingSplit(folder: string): Split {
  return hash32(folder.split("/")[0]) % 7 < 4 ? "demonstration" : "train";
}
