/** Policies by name: the expert, a random agent, and the pocket model from a checkpoint. */
import { existsSync } from "node:fs";
import path from "node:path";
import { dataFile } from "../data";
import { notAccepted } from "../errors";
import { loadCheckpoint, modelHash } from "../pocket/checkpoint";
import { SIZES } from "../pocket/model";
import { PocketPolicy } from "../pocket/policy";
import type { DeviceOptions } from "../pocket/runtime";
import { generator } from "../random";
import type { Policy } from "../types";

/** Follows the environment's expert: the upper end of the scale. It sees the environment, not only the text. */
export const expert: Policy = {
  id: "expert",
  begin({ definition, environment, task }) {
    let advisor: ReturnType<typeof definition.expert> | undefined;
    return {
      async act() {
        // The expert follows the environment from its reset on, which comes after `begin`.
        advisor ??= definition.expert(environment, task);
        const advice = advisor.next();
        return advice && { text: definition.format(advice) };
      },
    };
  },
};

/** Takes one of the actions listed for it, or else words it has read: the lower end of the scale. */
export const random: Policy = {
  id: "random",
  begin({ definition, key }) {
    const source = generator(key);
    return {
      async act(shown, actions) {
        const words = shown.split(/\s+/).filter(Boolean);
        const said = Array.from({ length: 1 + source.integer(6) }, () => source.pick(words.length ? words : ["look"]));
        const write = definition.write ?? ((listed: string) => listed);
        const action = actions?.length ? write(source.pick(actions)) : said.join(" ");
        return { text: definition.format({ thought: "", action }) };
      },
    };
  },
};

export const POLICIES = ["pocket", "expert", "random"] as const;

/** The checkpoint of a base in `data/base/` by its name, or the path itself; throws where there is no such file. */
export function checkpointFile(nameOrPath: string): string {
  const named = Object.keys(SIZES).map((size) => ({ size, file: dataFile("base", size, "model.safetensors") }));
  const file = named.find(({ size }) => size === nameOrPath)?.file ?? path.resolve(nameOrPath);
  if (existsSync(file)) return file;
  const shipped = named.filter((base) => existsSync(base.file)).map(({ size }) => `"${size}"`);
  throw new RangeError(`checkpoint: got "${nameOrPath}", accepted: ${shipped.join(", ")} or a .safetensors file`);
}

/** A policy by name; `checkpoint` (a base's name or a file, default "small") and device are for the pocket policy. */
export async function openPolicy(name: string, checkpoint = "small", device: DeviceOptions = {}): Promise<Policy> {
  if (name === "expert") return expert;
  if (name === "random") return random;
  if (name !== "pocket") throw notAccepted("policy", name, POLICIES);
  const { model } = loadCheckpoint(checkpointFile(checkpoint));
  return PocketPolicy.open(modelHash(model), model, device);
}
