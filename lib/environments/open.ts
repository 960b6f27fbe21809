/** Environments on original data or in another variant, by the options that the command line knows. */
import { notAccepted, refuseUnknownKeys } from "../errors";
import type { EnvironmentDefinition } from "../types";
import { openAlfWorld } from "./alfworld";
import { openBabyAI } from "./babyai";
import { environment } from "./index";
import { openSearchQA } from "./searchqa";
import { openWebShop } from "./webshop";

export interface DataOptions {
  /** Folder with ALFWorld's `game.tw-pddl` files. */
  readonly alfworldData?: string;
  /** Folder with WebShop's original JSON files. */
  readonly webshopData?: string;
  /** Python's `random.seed` before prices are drawn from ranges. Default 0. */
  readonly webshopPriceSeed?: number;
  /** "generated" (default) or "human": which of the original's goals are numbered. */
  readonly webshopGoals?: string;
  /** Folder with `questions.jsonl` or `.parquet` and `corpus.jsonl`. */
  readonly searchqaData?: string;
  /** Address of a Search-R1 retrieval server. */
  readonly searchqaRetriever?: string;
  /** "original" (default) or "repaired". */
  readonly babyaiFidelity?: string;
}

const GOALS = ["generated", "human", "human-all-prices"] as const;
const FIDELITIES = ["original", "repaired"] as const;
const KEYS = [
  "alfworldData",
  "webshopData",
  "webshopPriceSeed",
  "webshopGoals",
  "searchqaData",
  "searchqaRetriever",
  "babyaiFidelity",
];

function oneOf<T extends string>(what: string, value: string | undefined, accepted: readonly T[]): T | undefined {
  if (value !== undefined && !accepted.includes(value as T)) throw notAccepted(what, value, accepted);
  return value as T | undefined;
}

/** The environment with this id, on the data that the options name; options of other environments are ignored. */
export async function openEnvironment(id: string, options: DataOptions = {}): Promise<EnvironmentDefinition> {
  refuseUnknownKeys("data", options, KEYS);
  const { alfworldData, webshopData, webshopPriceSeed, searchqaData, searchqaRetriever } = options;
  const goals = oneOf("WebShop goals", options.webshopGoals, GOALS);
  const fidelity = oneOf("BabyAI fidelity", options.babyaiFidelity, FIDELITIES);
  if (id === "alfworld" && alfworldData) return openAlfWorld({ dataDir: alfworldData });
  if (id === "babyai" && fidelity) return openBabyAI({ fidelity });
  if (id === "webshop" && webshopData) return openWebShop({ dataDir: webshopData, priceSeed: webshopPriceSeed, goals });
  if (id === "searchqa" && (searchqaData || searchqaRetriever)) {
    const retriever = searchqaRetriever === undefined ? undefined : { url: searchqaRetriever };
    return openSearchQA({ dataDir: searchqaData, retriever });
  }
  return environment(id);
}
