/** What a model is sent: the prompt, the turns that its history and context allow, and what is shown now. */
import type { Prompt } from "../../types";
import type { ChatSettings } from "./settings";
import { estimateTokens } from "./tokens";
import { saidMessages, shownMessage, TOOLS_NOTE } from "./tools";
import type { Answer, Message, ToolSchema } from "./transport";

/** What AgentGym's conversations let the model answer to the prompt. */
const PROMISE = "OK. I'll follow your instructions and try my best to solve the task.";

export interface PastTurn {
  readonly shown: string;
  readonly answer: Answer;
}

/** How the model is told what its task is, before the first observation. */
export function opening(prompt: Prompt, { prompt: place, format }: ChatSettings): Message[] {
  const content = format === "tools" ? `${prompt.text}\n\n${TOOLS_NOTE}` : prompt.text;
  if (place === "system") return [{ role: "system", content }];
  return [
    { role: "user", content },
    { role: "assistant", content: PROMISE },
  ];
}

/**
 * The messages of one request: the first turn, which tells the task, always; then the `kept` latest of the other past
 * turns; then what is shown now. Where turns are left out, a line says so.
 */
export function conversation(
  start: readonly Message[],
  past: readonly PastTurn[],
  shown: string,
  kept: number,
): Message[] {
  const from = Math.max(1, past.length - kept);
  const sent = past.map((turn, i) => ({ ...turn, i })).filter(({ i }) => i === 0 || i >= from);
  const messages = [...start];
  const tell = (text: string, turn: number, gap: boolean) => {
    const note = gap ? `[${from - 1} ${from === 2 ? "turn is" : "turns are"} left out here]\n\n` : "";
    // The result of a call belongs to a call; across a gap there is none.
    messages.push(shownMessage(note + text, gap ? undefined : past[turn - 1]?.answer, turn));
  };
  for (const { shown: before, answer, i } of sent) {
    tell(before, i, i === from && from > 1);
    messages.push(saidMessages(answer, i));
  }
  tell(shown, past.length, from === past.length && from > 1);
  return messages;
}

/** Tells how many past turns fit into the context, from what the server has counted so far. */
export class ContextGuard {
  private tokensPerGuess = 1;

  constructor(
    private readonly settings: ChatSettings,
    private readonly tools: readonly ToolSchema[] | undefined,
  ) {}

  fits(messages: readonly Message[]): boolean {
    const { contextTokens, maxTokens } = this.settings;
    return contextTokens === null || this.guess(messages) * this.tokensPerGuess + maxTokens <= contextTokens;
  }

  /** Learns from an answer how this model's tokens compare with the guess. */
  observe(messages: readonly Message[], { tokens, estimated }: Answer): void {
    if (this.settings.contextTokens === null) return;
    if (!estimated && tokens.input > 0) this.tokensPerGuess = tokens.input / this.guess(messages);
  }

  private guess(messages: readonly Message[]): number {
    return estimateTokens(JSON.stringify([messages, this.tools ?? []]));
  }
}
