/** `npm run bench`: all benchmarks, or those named; `--json` prints one object. */
import os from "node:os";
import { bench as alfworld } from "./alfworld";
import { bench as babyai } from "./babyai";
import { bench as chat } from "./chat";
import { bench as memory } from "./memory";
import { bench as pocket } from "./pocket";
import { bench as searchqa } from "./searchqa";
import { bench as statistics } from "./statistics";
import { bench as textcraft } from "./textcraft";
import { bench as tokens } from "./tokens";
import { bench as train } from "./train";
import { bench as webshop } from "./webshop";

const benches: { readonly [name: string]: () => Promise<Record<string, number>> } = {
  textcraft,
  babyai,
  alfworld,
  webshop,
  searchqa,
  chat,
  statistics,
  tokens,
  pocket,
  train,
  memory,
};

async function run(): Promise<void> {
  const wanted = process.argv.slice(2).filter((word) => !word.startsWith("-"));
  const unknown = wanted.find((name) => !benches[name]);
  if (unknown || process.argv.includes("--help")) {
    console.log(`npm run bench -- [--json] [${Object.keys(benches).join("|")} ...]`);
    if (unknown) throw new RangeError(`no benchmark "${unknown}"; accepted: ${Object.keys(benches).join(", ")}`);
    return;
  }
  const json = process.argv.includes("--json");
  if (!json) console.log(`${os.cpus()[0]?.model}, ${os.availableParallelism()} cores, Node ${process.versions.node}`);
  const results: Record<string, number> = {};
  for (const name of wanted.length ? wanted : Object.keys(benches)) {
    // The pocket policy's figures have names of their own: train, decode, gemm.
    const prefix = name === "pocket" || name === "train" ? "" : `${name}.`;
    const figures = Object.entries(await benches[name]());
    const found = Object.fromEntries(figures.map(([key, value]) => [prefix + key, value]));
    Object.assign(results, found);
    if (json) continue;
    for (const [key, value] of Object.entries(found)) {
      console.log(`${key.padEnd(52)} ${value.toPrecision(4)}`);
    }
  }
  if (json) console.log(JSON.stringify(results));
}

run().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
