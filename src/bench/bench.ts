import { parseArgs } from 'node:util';
import { benchGather } from './gather/gather.ts';
import { measureLatency } from './measure-latency.ts';
import { type DatabaseName, databases, measureRates } from './measure-rate.ts';
import { measureRun } from './measure-run.ts';
import { measureStorm } from './measure-storm.ts';
import type { Measurement } from './measurement.ts';
import { RestageError } from '../domain/errors.ts';
import { startWorld, type World } from './world.ts';

const usage = `npm run bench -- [intake] [gather] [run] [options]
intake:
  --mails N     mails of the rate (default 20000); the storm has 2.5 times as many, 50 times as many alerts are stored
  --rounds N    rounds of the rate (default 3)
  --samples N   mails of the latency (default 20)
  --only NAME   rate, storm or latency alone
  --on NAME     databases of the rate: postgres, stored (with alerts in it), pglite (default all); may come several times
  --node OPTION an option for the bot's node, such as --node=--cpu-prof
gather:
  --bytes N     size of the log out of which a day is read (default 1000000000)
  --rounds N    days (default 3)
  --jobs N      failed jobs of the proposal (default 10000)
  --seed N      of the days' sizes and the choice of the day (default 1)
  --only NAME   day or proposal alone
run:
  --commands N  commands of one batch (default 100)
  --rounds N    batches (default 3)
One JSON object a line on standard output; exit code 1 when a goal is missed.
`;
const names = ['rate', 'storm', 'latency'] as const;

interface Sizes {
  readonly mails: number;
  readonly rounds: number;
  readonly samples: number;
  readonly on: readonly DatabaseName[];
}

function measure(name: string, world: World, sizes: Sizes): Promise<readonly Measurement[]> {
  const { mails, rounds, samples, on } = sizes;
  if (name === 'rate') return measureRates(world, { mails, rounds, stored: mails * 50, on, say });
  if (name === 'storm') return measureStorm(world, { mails: mails * 2.5, say });
  return measureLatency(world, { samples, say }).then((one) => [one]);
}

/** What is no option is said in a line, with what there is. */
function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        mails: { type: 'string', default: '20000' },
        rounds: { type: 'string', default: '3' },
        bytes: { type: 'string', default: '1000000000' },
        jobs: { type: 'string', default: '10000' },
        seed: { type: 'string', default: '1' },
        samples: { type: 'string', default: '20' },
        commands: { type: 'string', default: '100' },
        only: { type: 'string' },
        on: { type: 'string', multiple: true },
        help: { type: 'boolean', default: false },
        node: { type: 'string', multiple: true, default: [] },
      },
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

const { values, positionals } = readArguments();
const wanted = names.filter((name) => values.only === undefined || values.only === name);
const suites: Readonly<Record<string, () => Promise<void>>> = {
  intake: benchIntake,
  gather: benchGathering,
  run: async () => report(await measureRun({ commands: Number(values.commands), rounds: sizes.rounds, say })),
};
const isKnown = positionals.length > 0 && positionals.every((suite) => Object.hasOwn(suites, suite));
if (values.help || !isKnown || (positionals.includes('intake') && wanted.length === 0)) {
  process.stderr.write(usage);
  process.exit(2);
}
const report = (measurement: Measurement) => {
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
  if (!measurement.ok) process.exitCode = 1;
};
const sizes = {
  mails: Number(values.mails),
  rounds: Number(values.rounds),
  samples: Number(values.samples),
  on: databases.filter((name) => values.on?.includes(name) ?? true),
};

async function benchIntake(): Promise<void> {
  const world = await startWorld(values.node);
  try {
    for (const name of wanted) {
      for (const measurement of await measure(name, world, sizes)) report(measurement);
    }
  } finally {
    await world.close();
  }
}

async function benchGathering(): Promise<void> {
  const gathering = {
    bytes: Number(values.bytes),
    rounds: sizes.rounds,
    jobs: Number(values.jobs),
    seed: Number(values.seed),
    only: values.only,
    nodeOptions: values.node,
  };
  await benchGather(gathering, report, say);
}

try {
  for (const suite of positionals) await suites[suite]?.();
} catch (error) {
  // What is missing on this machine; anything else is an error of ours, with its stack.
  if (!(error instanceof RestageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
