import { setMaxListeners } from 'node:events';
import { type ChaosOptions, describeFaults, readOptions, usage } from './options.ts';
import { planRounds } from './plan.ts';
import { runRounds } from './run-rounds.ts';

const abandonedExitCode = 130;

// What is still waited for in rounds that were interrupted holds up nothing.
process.exit(await main());

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), new Date());
    if (options !== 'help') return await playChaos(options);
    process.stdout.write(usage + describeFaults());
    return 0;
  } catch (error) {
    process.stderr.write(`chaos: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

async function playChaos(options: ChaosOptions): Promise<number> {
  const plans = planRounds(options).filter(({ round }) => options.round === null || round === options.round);
  if (options.isDry) {
    for (const plan of plans) writeLine(plan);
    return 0;
  }
  if (process.getuid?.() !== 0) throw new Error('must run as root: bots and servers get network namespaces');
  const since = performance.now();
  const interrupt = new AbortController();
  // Each round listens.
  setMaxListeners(0, interrupt.signal);
  const abandon = () => interrupt.abort();
  process.once('SIGINT', abandon).once('SIGTERM', abandon);
  const playing = { atOnce: options.atOnce, onReport: writeLine, signal: interrupt.signal };
  const reports = await runRounds(plans, playing);
  const wrong = reports.filter(({ verdict }) => verdict === 'wrong');
  writeLine({
    rounds: reports.length,
    wrong: wrong.length,
    wrongRounds: wrong.map(({ plan }) => plan.round),
    alerts: sum(reports.map(({ figures }) => figures['alerts'])),
    commands: sum(reports.map(({ figures }) => figures['commands'])),
    seed: options.seed,
    tookS: Math.round((performance.now() - since) / 1000),
  });
  if (interrupt.signal.aborted) return abandonedExitCode;
  return wrong.length === 0 ? 0 : 1;
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
}

function writeLine(data: object): void {
  process.stdout.write(`${JSON.stringify(data)}\n`);
}
