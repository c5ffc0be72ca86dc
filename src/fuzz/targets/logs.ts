import type { LogSource } from '../../domain/log-source.ts';
import { createLogAdapter } from '../../redistribution/adapter/log-adapters.ts';
import { createCase, pick } from '../cases.ts';
import { mutate } from '../mutate.ts';
import { measureLoopTime } from '../processor-time.ts';
import { seedLogs } from '../seeds.ts';
import { type FuzzRun, Tally, type TargetReport } from '../target.ts';

/** Processor time that reading one log of some 100 kB may take, in ms. */
const mostLoopMs = 500;

const tokens = [
  '{"v":1,',
  '"event":"end"',
  'PLAY RECAP',
  'fatal: [a]:',
  'rsync error: ',
  '"argv":["',
  '\\u0000',
  'rc=',
  '\n\n',
];

const base: LogSource = {
  adapter: 'record',
  path: '/var/log/fuzz.log',
  timeZone: 'Europe/Berlin',
  longestRunMs: 3_600_000,
  format: null,
};
const sources: readonly LogSource[] = [
  base,
  { ...base, adapter: 'ansible' },
  { ...base, adapter: 'ansible-log' },
  { ...base, adapter: 'ftpsync' },
  ...(['rsync-wrapper', 'pdsh', 'clush', 'windows'] as const).map(
    (format): LogSource => ({ ...base, adapter: 'pattern', format }),
  ),
];

/** Reads mutated logs by every adapter. Whatever a line says, reading ends with records and faults, never with an exception. */
export async function fuzzLogs({ seed, inputs }: FuzzRun): Promise<TargetReport> {
  const tally = new Tally();
  const seeds = seedLogs();
  for (let index = 0; index < inputs; index += 1) {
    const { random } = createCase(seed, 'logs', index);
    const source = pick(random, sources);
    const adapter = createLogAdapter(source, 'int-38');
    const bytes = mutate(pick(random, seeds), random, tokens);
    const slice = { path: source.path, bytes, offset: 0, firstLine: 1, modifiedAt: new Date() };
    const parse = async () => {
      adapter.parse([slice]);
      for (const line of bytes.toString('latin1').split('\n', 50)) adapter.timeOf(line, slice.modifiedAt);
    };
    try {
      tally.cost(index, await measureLoopTime(mostLoopMs, parse), mostLoopMs);
    } catch (error) {
      tally.find(index, `${adapter.name}: ${String(error)}`);
    }
  }
  return { target: 'logs', inputs, findings: tally.findings, figures: tally.figures };
}
