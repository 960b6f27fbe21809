/** Finds the game of a task, from its file or by making it up, and keeps the ones last played. */
import { statSync } from "node:fs";
import type { TaskSpec } from "../../types";
import { compileGame, type Game } from "./game";
import { readGameFile, readGameSource } from "./game-file";
import type { GameSource, Wording } from "./room";
import { makeScene } from "./scene";
import { sceneSettings } from "./tasks";

/** Games kept ready: the tasks of one training step and more, in a few MB. */
const KEPT = 64;

export class GameLibrary {
  private readonly games = new Map<string, Game>();

  /** `wording`: of made-up games, and of files too where it is given. */
  constructor(private readonly wording?: Wording) {}

  /** The game of a task; throws an Error that names its file, or the parameters that are missing. */
  load(task: TaskSpec): Game {
    const key = keyOf(task);
    const game = this.games.get(key) ?? this.make(task);
    this.games.delete(key);
    this.games.set(key, game);
    if (this.games.size > KEPT) this.games.delete(this.games.keys().next().value!);
    return game;
  }

  /** The same game as data. */
  source(task: TaskSpec): GameSource {
    const { file } = task.params;
    return typeof file === "string" ? readGameSource(file, this.wording) : this.madeUp(task);
  }

  private make(task: TaskSpec): Game {
    const { file } = task.params;
    return typeof file === "string" ? readGameFile(file, this.wording) : compileGame(this.madeUp(task));
  }

  private madeUp(task: TaskSpec): GameSource {
    return makeScene(sceneSettings(task), this.wording ?? "put");
  }
}

/** Files may change while the program runs. */
function keyOf({ params, seed }: TaskSpec): string {
  if (typeof params.file !== "string") return JSON.stringify([seed, params]);
  const { mtimeMs, size } = statSync(params.file, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
  return JSON.stringify([params.file, mtimeMs, size]);
}
