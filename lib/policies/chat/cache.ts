/**
 * Answers on disk by what was asked, so that asking again costs nothing. An entry is one small file with a checksum,
 * written whole or not at all; several processes may share a folder.
 */
import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { canonicalJson } from "../../store";
import type { Answer } from "./transport";

interface Entry {
  readonly answer: Answer;
  /** The address that gave it: not part of what decides an answer, but worth a look when two models share a name. */
  readonly from: string;
  /** SHA-256 of the identity and the answer. */
  readonly checksum: string;
}

export class AnswerCache {
  constructor(
    private readonly folder: string,
    private readonly from: string,
  ) {}

  /** The name of an answer: the SHA-256 of all that decides it, keys in a fixed order. */
  static identity(asked: object): string {
    return sha256(JSON.stringify(asked));
  }

  /** The answer kept under this identity, and who gave it; undefined where there is none or what is there is damaged. */
  async read(identity: string): Promise<{ readonly answer: Answer; readonly elsewhere: boolean } | undefined> {
    try {
      const { answer, from, checksum } = JSON.parse(await readFile(this.file(identity), "utf8")) as Entry;
      return checksum === checksumOf(identity, answer) ? { answer, elsewhere: from !== this.from } : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps an answer and returns the one that counts: where another process was first, its answer. */
  async keep(identity: string, answer: Answer): Promise<Answer> {
    const file = this.file(identity);
    const entry: Entry = { answer, from: this.from, checksum: checksumOf(identity, answer) };
    const part = `${file}.${randomUUID()}.part`;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(part, JSON.stringify(entry));
    try {
      // Unlike a renaming, a link never replaces what is there.
      await link(part, file);
    } catch {
      const first = await this.read(identity);
      if (first) return first.answer;
      await rename(part, file);
    } finally {
      await rm(part, { force: true });
    }
    return answer;
  }

  private file(identity: string): string {
    return path.join(this.folder, identity.slice(0, 2), `${identity}.json`);
  }
}

function checksumOf(identity: string, answer: Answer): string {
  return sha256(identity + canonicalJson(answer));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
