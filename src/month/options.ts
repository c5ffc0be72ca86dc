import { parseArgs } from 'node:util';

export interface CliOptions {
  readonly seed: number;
  readonly days: number;
  /** How many problems of each kind; left out: by the number of days. */
  readonly each?: number | undefined;
  /** Plays this problem of the month alone; `null` for all, and mail beside them. */
  readonly problem: number | null;
  /** `null` for a database that is gone at the end. */
  readonly databaseUrl: string | null;
}

export const usage = `npm run month -- [options]
  --seed S       the same month again (default: by the clock)
  --days N       how many simulated days, at least 4 (default 30)
  --each N       how many problems of each kind (default 22 in 30 days, in fewer days fewer)
  --problem N    the problem of that number alone, with all that was posted about it
  --database URL an empty PostgreSQL database (default: a server of its own in memory; the embedded database, which
                 takes several times as long, where PostgreSQL is not installed)
  --help         this text

Plays a month of a network of 300 devices in 5 regions: servers and devices fail, releases are bad, jobs fail night after
night, disks are full, links flap, firewalls stand in between, maintenance is planned. Mail about it comes in several
formats, languages and zones; some of it is lost, late or doubled; a technician repairs some. The bot's own workflows take
it in, over a real database, with a clock that is moved on and a simulated Slack workspace.
The checker knows only what really was wrong, and what stands in the workspace. One JSON object for each thing that is
wrong and for each figure with its goal on standard output, then a summary; exit code 1 when a goal is missed.

Examples:
  npm run month -- --seed 1
  npm run month -- --seed 1 --days 6 --problem 20
`;

const leastDays = 4;

/** @throws Error that says which option is wrong, and what it may be. */
export function readOptions(argv: readonly string[], now: Date): CliOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string' },
      days: { type: 'string', default: '30' },
      each: { type: 'string' },
      problem: { type: 'string' },
      database: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const seed = values.seed === undefined ? now.getTime() % 1_000_000 : wholeNumber('seed', values.seed);
  const days = wholeNumber('days', values.days);
  if (days < leastDays) throw new Error(`--days must be at least ${leastDays} (got ${days})`);
  const problem = values.problem === undefined ? null : wholeNumber('problem', values.problem);
  const each = values.each === undefined ? undefined : wholeNumber('each', values.each);
  return { seed, days, each, problem, databaseUrl: values.database ?? null };
}

function wholeNumber(option: string, given: string): number {
  if (!/^\d{1,6}$/.test(given))
    throw new Error(`--${option} must be a whole number below 10^6 (got "${given}")`);
  return Number(given);
}
