/** Speed of SearchQA on one thread. */
import { searchqa } from "../../lib/environments/searchqa";
import { bm25Retriever } from "../../lib/environments/searchqa/retriever";
import { generateWorld } from "../../lib/environments/searchqa/world/world";
import { generator } from "../../lib/random";

/** Milliseconds, except where the name says otherwise. Searches are whole questions over 20,000 passages. */
export async function bench(): Promise<Record<string, number>> {
  const first = performance.now();
  const tasks = searchqa.tasks();
  const firstUse = performance.now() - first;

  const { passages } = generateWorld("bench", 5.2);
  const building = performance.now();
  const retriever = bm25Retriever(passages);
  const index = performance.now() - building;
  const random = generator("searchqa bench");
  const times: number[] = [];
  for (let i = 0; i < 3_000; i++) {
    const passage = random.pick(passages).contents.split(" ");
    const query = i % 2 === 0 ? String(random.pick(tasks).params.question) : passage.slice(2, 12).join(" ");
    const start = performance.now();
    await retriever.search(query, 3);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);

  const environment = searchqa.create();
  const start = performance.now();
  let steps = 0;
  for (const task of tasks) {
    environment.reset(task);
    const expert = searchqa.expert(environment, task);
    for (let advice = expert.next(); advice; advice = expert.next(), steps++)
      await environment.step(searchqa.format(advice));
  }
  return {
    "first use": firstUse,
    passages: passages.length,
    "index build": index,
    "search p50": times[Math.floor(times.length * 0.5)],
    "search p95": times[Math.floor(times.length * 0.95)],
    "steps per second": (steps / (performance.now() - start)) * 1000,
  };
}
