/** How fast WebShop is on one thread: searches on 1,000 and 100,000 products, other actions, making the shop. */
import { openWebShop } from "../../lib/environments/webshop";
import { WebShopEnvironment } from "../../lib/environments/webshop/environment";
import { wholeWish } from "../../lib/environments/webshop/judge";

const SEARCHES = 1000;
const ROUNDS = 4000;

/** Numbers by name; the unit is part of the name. */
export async function bench(): Promise<Record<string, number>> {
  return { ...measureShop(1000), ...measureShop(100_000), ...measureClicks() };
}

function measureShop(products: number): Record<string, number> {
  const started = performance.now();
  const definition = openWebShop({ products });
  const environment = definition.create() as WebShopEnvironment;
  environment.reset(definition.task(0));
  environment.step("search[first]");
  const ready = performance.now() - started;
  const { goals } = environment.shop;
  const times = Array.from({ length: SEARCHES }, (_, i) => {
    const action = `search[${wholeWish(goals.goal((i * 7919) % goals.length).instruction)}]`;
    const before = performance.now();
    environment.step(action);
    return performance.now() - before;
  }).sort((a, b) => a - b);
  return {
    [`${products} products: ready, ms`]: ready,
    [`${products} products: search p50, ms`]: times[SEARCHES / 2],
    [`${products} products: search p95, ms`]: times[(SEARCHES * 95) / 100],
  };
}

/** Everything but searching: a walk through a product's pages with all its options, bought at the end. */
function measureClicks(): Record<string, number> {
  const definition = openWebShop();
  const environment = definition.create() as WebShopEnvironment;
  let actions = 0;
  let elapsed = 0;
  const tasks = definition.tasks({ level: "hard" });
  for (let round = 0; round < ROUNDS; round++) {
    environment.reset(tasks[round % tasks.length]);
    const found = environment.step(`search[${environment.goal.query}]`).observation.actions!;
    const options = environment.goal.options.map(([, value]) => `click[${value}]`);
    const walk = [
      ...["click[next >]", "click[< prev]", `click[${found[2]}]`, "click[description]", "click[< prev]"],
      ...["click[features]", "click[< prev]", ...options, "nonsense", "click[buy now]"],
    ];
    const before = performance.now();
    for (const action of walk) environment.step(action);
    elapsed += performance.now() - before;
    actions += walk.length;
  }
  return { "actions other than search, per second": (1000 * actions) / elapsed };
}
