/** Keys of endpoints: where they come from, where they may be sent, and how they stay out of every text we write. */

export interface KeyQuery {
  /** Address of the server; absent for Hugging Face's router. */
  readonly endpoint?: string;
  /** Name of the environment variable that holds the key. */
  readonly keyEnv?: string;
}

type Env = { readonly [name: string]: string | undefined };

const LOCAL = /^(localhost|127\..*|\[::1\]|0\.0\.0\.0)$/;
const HUGGING_FACE = /(^|\.)(huggingface\.co|hf\.co|hf\.space|huggingface\.cloud)$/;

/**
 * The key for an endpoint from the process environment: `keyEnv` if given (throws when it is empty or unset), else
 * HF_TOKEN for Hugging Face, OPENAI_API_KEY for OpenAI and servers on this machine. No key is sent anywhere else unasked.
 */
export function findKey({ endpoint, keyEnv }: KeyQuery, env: Env = process.env): string | undefined {
  if (keyEnv !== undefined) {
    const key = env[keyEnv];
    if (!key) throw new RangeError(`the environment variable ${keyEnv} is to hold the key and is not set`);
    return key;
  }
  const host = endpoint === undefined ? "huggingface.co" : new URL(endpoint).hostname;
  if (HUGGING_FACE.test(host)) return env.HF_TOKEN || undefined;
  if (host === "api.openai.com" || LOCAL.test(host)) return env.OPENAI_API_KEY || undefined;
  return undefined;
}

const PATTERNS: readonly RegExp[] = [
  /\b(hf|sk|gsk|api)[-_][A-Za-z0-9_-]{12,}/g,
  /(?<=\b[Bb]earer\s+)[^\s"',}]+/g,
  /(?<=:\/\/)[^/\s@]+@/g,
];

/** The text with `key`, and whatever looks like a key, replaced by `[key]`. */
export function redact(text: string, key?: string): string {
  const known = key ? text.replaceAll(key, "[key]") : text;
  return PATTERNS.reduce((result, pattern) => result.replace(pattern, "[key]"), known);
}

/**
 * An endpoint's address in the form that records may keep: no user, no query. Throws for anything but http(s) and for
 * addresses that carry a user or password.
 */
export function plainAddress(endpoint: string): string {
  const refuse = (why: string) =>
    new RangeError(`endpoint: ${why}, accepted: an http(s) address such as "http://127.0.0.1:8000/v1"`);
  if (!URL.canParse(endpoint)) throw refuse(`got ${JSON.stringify(redact(endpoint))}`);
  const url = new URL(endpoint);
  if (!/^https?:$/.test(url.protocol)) throw refuse(`got ${JSON.stringify(redact(endpoint))}`);
  if (url.username || url.password || url.search)
    throw refuse("got an address with a user, password or query (give a key by the name of its variable, --key-env)");
  return (url.origin + url.pathname).replace(/\/+$/, "");
}
