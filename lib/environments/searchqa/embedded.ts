/** The embedded default: the fictional world, its corpus and questions, generated on first use. */
import type { Source } from "./definition";
import { bm25Retriever } from "./retriever";
import { worldTasks, WORLD_SEED } from "./tasks";
import { generateWorld, type World } from "./world/world";

/** Changes whenever a text, a reward or a task changes. */
export const VERSION = "1";

let world: World | undefined;

/** The fictional world that the embedded tasks ask about; its `passages` are the embedded corpus. */
export function embeddedWorld(): World {
  return (world ??= generateWorld(WORLD_SEED));
}

export function embeddedSource(): Source {
  const { passages, words } = embeddedWorld();
  return { tasks: worldTasks(embeddedWorld()), retriever: bm25Retriever(passages), words };
}
