/**
 * Repeats `work` for at least `seconds`, after one run that is not counted. Returns the CPU seconds of one run: on a
 * machine that does other things too, CPU time repeats where wall time does not.
 */
export async function secondsPerRun(seconds: number, work: () => Promise<void>): Promise<number> {
  await work();
  const before = process.cpuUsage();
  const until = performance.now() + 1000 * seconds;
  let runs = 0;
  do {
    await work();
    runs++;
  } while (performance.now() < until);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / runs;
}
