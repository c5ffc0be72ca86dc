import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createNetwork, enterNetwork } from './network.ts';
import { kinds, playRound, type RoundReport } from './rounds.ts';
import { createSeededRandom } from './seeded-random.ts';
import { startWorld } from './world.ts';

const usage = `npm run faults -- [options]
  --rounds N    rounds of each kind (default 5)
  --seed S      the same moments again (default: by the clock)
  --kind NAME   ${kinds.join(', ')} alone
Bots run redistributions on a real sshd, and something breaks at random moments: every command must have had its effect exactly
once, and its end be known. One JSON object a round on standard output, then a summary; exit code 1 when something is wrong.
Needs root: the server stands in a network namespace of its own.
`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seed: { type: 'string' },
    kind: { type: 'string' },
    help: { type: 'boolean', default: false },
    // Set by this program itself, for the process in the bots' network namespace.
    inside: { type: 'string' },
  },
});
const wanted = kinds.filter((kind) => values.kind === undefined || values.kind === kind);
if (values.help || wanted.length === 0) {
  process.stderr.write(usage);
  process.exit(2);
}
process.exitCode = values.inside === undefined ? await playOutside() : await playInside(values.inside);

/** Builds the network, and plays in a process that is in it. */
async function playOutside(): Promise<number> {
  const network = await createNetwork();
  try {
    const [node, ...argv] = [process.execPath, ...process.argv.slice(1), '--inside', network.prefix];
    const child = spawn('ip', ['netns', 'exec', network.bots, node, ...argv], { stdio: 'inherit' });
    // An interrupt from the terminal reaches both.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill());
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    await network.remove();
  }
}

async function playInside(prefix: string): Promise<number> {
  const rounds = Number(values.rounds);
  const random = createSeededRandom(Number(values.seed ?? Date.now() % 1_000_000));
  const world = await startWorld(enterNetwork(prefix));
  const abandon = () => void world.close().finally(() => process.exit(1));
  process.once('SIGINT', abandon).once('SIGTERM', abandon);
  const reports: RoundReport[] = [];
  try {
    for (const kind of wanted) {
      for (let round = 1; round <= rounds; round += 1) {
        const report = await playRound(world, kind, round, random);
        process.stdout.write(`${JSON.stringify(report)}\n`);
        reports.push(report);
      }
    }
  } finally {
    await world.close();
  }
  const wrong = reports.filter(({ problems }) => problems.length > 0);
  const commands = reports.reduce((sum, report) => sum + report.commands, 0);
  const summary = { rounds: reports.length, commands, wrong: wrong.length, seed: random.seed };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  return wrong.length === 0 ? 0 : 1;
}
