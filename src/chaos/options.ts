import { parseArgs } from 'node:util';
import { type World, worlds } from './fault-kind.ts';
import { type FaultName, faultKinds, faultNames } from './fault-kinds.ts';

export interface ChaosOptions {
  readonly world: World | 'all';
  readonly rounds: number;
  readonly seed: number;
  /** Empty: faults are drawn. */
  readonly faults: readonly FaultName[];
  /** Plays this round of the plan alone; null: all of them. */
  readonly round: number | null;
  readonly atOnce: number;
  /** Prints the plan and plays nothing. */
  readonly isDry: boolean;
}

export const usage = `npm run chaos -- [options]
  --world NAME   mail: alerts by IMAP, SMTP and HTTP become tickets; runs: commands run on a real sshd; all (default)
  --rounds N     how many rounds (default 10)
  --seed S       the same plan of faults again (default: by the clock)
  --fault NAME   this fault alone; where several are named, the rounds take them in turn
  --round N      the Nth round of that plan alone
  --at-once N    rounds that are played at the same time (default 6)
  --plan         print the plan, play nothing
  --help         this text, and all faults

Real Dovecot, PostgreSQL and sshd, bots as they ship on machines (network namespaces) of their own, a simulated Slack
workspace; things break while alerts arrive and commands run. The checker reads only what was sent and what stands in
the workspace and on the servers. One JSON object a round on standard output, then a summary; exit code 1 when anything
is wrong. Linux, as root; installs of test/prepare.sh.

Examples:
  npm run chaos -- --world all --rounds 100 --seed 7
  npm run chaos -- --fault bot-frozen-counting --rounds 5
  npm run chaos -- --world mail --rounds 100 --seed 7 --round 37

`;

/** All faults with what happens in each. */
export function describeFaults(): string {
  const lines = faultNames.map((name) => `  ${name.padEnd(26)} ${faultKinds[name].what}`);
  return `Faults:\n${lines.join('\n')}\n`;
}

/** @throws Error that says which option is wrong, and what it may be. */
export function readOptions(argv: readonly string[], now: Date): ChaosOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      world: { type: 'string', default: 'all' },
      rounds: { type: 'string', default: '10' },
      seed: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
      round: { type: 'string' },
      'at-once': { type: 'string', default: '6' },
      plan: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    world: oneOf('world', values.world, [...worlds, 'all'] as const),
    rounds: atLeastOne('rounds', values.rounds),
    seed: values.seed === undefined ? now.getTime() % 1_000_000 : wholeNumber('seed', values.seed),
    faults: values.fault.map((name) => oneOf('fault', name, faultNames)),
    round: values.round === undefined ? null : atLeastOne('round', values.round),
    atOnce: atLeastOne('at-once', values['at-once']),
    isDry: values.plan,
  };
}

function oneOf<Name extends string>(option: string, given: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new Error(`--${option} must be one of ${names.join(', ')} (got "${given}")`);
  return found;
}

function atLeastOne(option: string, given: string): number {
  const number = wholeNumber(option, given);
  if (number < 1) throw new Error(`--${option} must be at least 1 (got ${given})`);
  return number;
}

function wholeNumber(option: string, given: string): number {
  if (!/^\d{1,9}$/.test(given))
    throw new Error(`--${option} must be a whole number below 10^9 (got "${given}")`);
  return Number(given);
}
