/**
 * The nouns of heldout, types only.
 *
 * Data, behaviour and record are three types: a {@link TaskSpec} is frozen JSON, an {@link Environment} behaves,
 * a {@link Trajectory} is what happened and can be scored again without the environment.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Awaitable<T> = T | Promise<T>;

/**
 * Which tasks may be used for what. The three are disjoint by content (goal, maze, room, product, question):
 * `demonstration` tasks teach the base policy, `train` tasks are for RFT, `test` tasks are held out.
 */
export type Split = "demonstration" | "train" | "test";

/** One task as plain data: everything that is needed to reset an environment to it again, anywhere. */
export interface TaskSpec {
  /** Unique over all environments: `<env>_<original integer id>`, or `<env>_<name>` for tasks of our own. */
  readonly id: string;
  readonly env: string;
  /** One of the environment's {@link EnvironmentDefinition.levels}. */
  readonly level: string;
  readonly split: Split;
  readonly seed: number;
  readonly params: { readonly [key: string]: Json };
}

/** What the environment's server would return after a reset or a step. */
export interface Observation {
  readonly text: string;
  /** What the original lists beside the text as possible actions; absent where it lists none. */
  readonly actions?: readonly string[];
}

export interface Step {
  readonly observation: Observation;
  /** The reward that the original's client reports for this step (BabyAI: the running score). */
  readonly reward: number;
  readonly done: boolean;
  /** True once the task is solved; unlike `reward` this never means "partly". */
  readonly success: boolean;
  /** False if the environment could not carry out the action as written. */
  readonly valid: boolean;
}

/** One running copy of an environment. Any string is a legal action: it is answered as the original answers it. */
export interface Environment {
  reset(task: TaskSpec): Awaitable<Observation>;
  step(action: string): Awaitable<Step>;
  close(): void;
}

/** What the expert would reply now: a thought in words and the environment's action. */
export interface Advice {
  readonly thought: string;
  readonly action: string;
}

/** Follows one running environment and always knows a good next reply from its present state, also after mistakes. */
export interface Expert {
  /** Returns undefined when the task is done or cannot be won any more. */
  next(): Advice | undefined;
}

/** One turn of a demonstration as the agent sees it: the text shown to it and the reply to imitate. */
export interface DemonstrationTurn {
  readonly shown: string;
  readonly reply: string;
}

export interface Demonstration {
  readonly task: TaskSpec;
  readonly turns: readonly DemonstrationTurn[];
}

/** A source of random numbers; see `random.ts`. */
export interface RandomSource {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform element; throws on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
}

export interface LevelInfo {
  readonly description: string;
  /** Why tasks of this level are easier or harder than the others. */
  readonly reason: string;
}

/** A system prompt with its version: part of a run's identity. */
export interface Prompt {
  readonly version: string;
  readonly text: string;
}

/** The parsed form of an agent's reply. `error` is an observation the original's client answers without a step. */
export interface ParsedReply {
  readonly thought: string;
  readonly action: string;
  readonly error?: string;
}

export interface TaskQuery {
  readonly split?: Split;
  readonly level?: string;
}

/** One kind of action as a function that a chat model can call; all parameters are required. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** What each parameter means; values are text. */
  readonly parameters: { readonly [name: string]: string };
  /** The environment's action, with `{name}` where a parameter's value goes: "get {number} {item}". */
  readonly action: string;
}

/** Everything the workbench knows about one environment: its registry entry. */
export interface EnvironmentDefinition {
  readonly id: string;
  readonly title: string;
  /** Part of every run's identity: changes whenever a text, reward or task changes. */
  readonly version: string;
  /** Turns after which an episode is cut off (the study's or the original's value; source in the doc comment). */
  readonly maxTurns: number;
  readonly levels: { readonly [level: string]: LevelInfo };
  /** A key of `TaskSpec.params` by which results are reported besides the level (TextCraft: "depth"). */
  readonly breakdown?: string;
  /** For chat models. The pocket policy is trained on observations and replies alone. */
  readonly prompt: Prompt;
  /** The kinds of action for models that act by calling functions; absent where an action is free text. */
  readonly tools?: readonly Tool[];
  /** Fixed phrases of the interface, in observations and replies: the pocket tokenizer makes each one token. */
  readonly phrases: readonly string[];
  create(): Environment;
  /** All tasks of the default data, in a fixed order, filtered by the query. */
  tasks(query?: TaskQuery): readonly TaskSpec[];
  /** The task with the original's integer id or one of our ids; throws with the accepted range otherwise. */
  task(id: number | string): TaskSpec;
  /** A task from a file of the original's data, where one file is one task. */
  fileTask?(file: string): TaskSpec;
  /** The text that the agent sees for an observation; `turn` counts from 0 (the reset). Default: `observation.text`. */
  render?(observation: Observation, turn: number): string;
  /** How one of {@link Observation.actions} is written as an action; default: as it is listed. */
  write?(listed: string): string;
  /** From the agent's whole reply to the action, as the original's client does it. */
  parse(reply: string): ParsedReply;
  /** From thought and action to a reply that {@link parse} reads back. */
  format(advice: Advice): string;
  /** An expert for an environment made by {@link create} that has been reset to `task`. */
  expert(environment: Environment, task: TaskSpec): Expert;
  /**
   * An imperfect, varied demonstration for behaviour cloning: same task and random source, same text. Half of them are
   * under other names, unless `renaming` (default true) is false.
   */
  demonstrate(task: TaskSpec, random: RandomSource, renaming?: boolean): Demonstration;
}

/** What a policy is told when an episode begins. */
export interface EpisodeContext {
  readonly definition: EnvironmentDefinition;
  readonly environment: Environment;
  readonly task: TaskSpec;
  readonly attempt: number;
  /** The key of all randomness of this episode. */
  readonly key: string;
}

/** How a chat model came to a reply, where that is not the plain case. */
export interface ReplyNotes {
  /** How many earlier turns the context limit left out of what the model was sent. */
  readonly forgotten?: number;
  /** The reply was cut off at the limit of tokens. */
  readonly cut?: true;
  /** The server told no token counts: they are estimated from the length of the texts. */
  readonly estimated?: true;
}

export interface Reply {
  readonly text: string;
  /** Tokens read and written for this reply, in the policy's own tokenizer; absent where unknown. */
  readonly tokens?: { readonly input: number; readonly output: number };
  readonly notes?: ReplyNotes;
}

export interface Policy {
  /** Identifies the policy in records: its name, or the hash of its weights. */
  readonly id: string;
  /**
   * How many episodes to keep in play, where an episode does not depend on those beside it (a server answers). Absent
   * where it may: such episodes are played in waves of the same make-up every time.
   */
  readonly concurrency?: number;
  begin(context: EpisodeContext): Session;
}

/** One episode of one policy. */
export interface Session {
  /**
   * The reply to what was shown; undefined when the policy cannot go on (its context is full). `actions` are those the
   * environment lists beside the text, for policies that do not read.
   */
  act(shown: string, actions?: readonly string[]): Promise<Reply | undefined>;
  /** Gives back what the session holds; called once by the rollout, whatever happened. */
  close?(): void;
}

export interface Turn {
  /** The text the agent saw before it replied. */
  readonly shown: string;
  readonly reply: string;
  readonly action: string;
  readonly reward: number;
  readonly valid: boolean;
  readonly tokens?: { readonly input: number; readonly output: number };
  readonly notes?: ReplyNotes;
}

/** `truncated`: cut off at the turn or context limit. `error`: the infrastructure failed; never counted as failure. */
export type Outcome = "success" | "failure" | "truncated" | "error";

/** The record of one episode; it describes itself. */
export interface Trajectory {
  readonly task: TaskSpec;
  readonly attempt: number;
  readonly policy: string;
  readonly version: string;
  readonly turns: readonly Turn[];
  /** What the environment said after the last action. */
  readonly last: string;
  /** Reward of the last step, as AgentGym's evaluators score an episode. */
  readonly reward: number;
  readonly outcome: Outcome;
  readonly error?: string;
}

/** A number that came from samples. Tables refuse anything less. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Independent units behind the interval (usually tasks). */
  readonly n: number;
  /** Attempts per unit. */
  readonly k: number;
  /** How the interval was made, in words that can be printed: "95 % t, clustered by task". */
  readonly method: string;
}
