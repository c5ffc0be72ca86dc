import { readFileSync } from 'node:fs';
import path from 'node:path';
import { shippedFormats } from '../../alert/shipped-formats.ts';
import { ConfigError } from '../../config/faults.ts';
import { parseConfig } from '../../config/load-config.ts';
import { createCase, pick } from '../cases.ts';
import { mutate } from '../mutate.ts';
import { measureLoopTime } from '../processor-time.ts';
import { type FuzzRun, Tally, type TargetReport } from '../target.ts';

/** Processor time that reading one config may take, in ms. */
const mostLoopMs = 2000;

const manifests = path.resolve(import.meta.dirname, '../../../manifests');
const files = ['restage.example.yaml', 'example-net.yaml'];
const tokens = [
  '&a ',
  '*a',
  '<<: *a',
  '- ',
  ': ',
  '{',
  '[',
  '!!js/function ',
  '!!binary ',
  '|',
  '>',
  '~',
  '\t',
  '...',
  '---\n',
  '99999999999999999999',
];

/** A YAML alias bomb and a cycle, beside what is mutated. */
const bombs = [
  [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index] ?? 'a'},`.repeat(9)}]`),
  ].join('\n'),
  'slack: &a\n  sockets: *a\n',
  '&a [*a]',
  '',
  '---\n---\n',
];

/** Reads mutated configs. Each is right, or has faults that name what is wrong; anything else is a finding. */
export async function fuzzConfigs({ seed, inputs }: FuzzRun): Promise<TargetReport> {
  const tally = new Tally();
  const seeds = files.map((file) => readFileSync(path.join(manifests, file)));
  for (let index = 0; index < inputs; index += 1) {
    const { random } = createCase(seed, 'configs', index);
    const text = bombs[index] ?? mutate(pick(random, seeds), random, tokens).toString('utf8');
    const parse = async () => {
      try {
        parseConfig(
          text,
          path.join(manifests, 'fuzzed.yaml'),
          {},
          { shippedFormatNames: Object.keys(shippedFormats) },
        );
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
      }
    };
    try {
      tally.cost(index, await measureLoopTime(mostLoopMs, parse), mostLoopMs);
    } catch (error) {
      tally.find(index, String(error));
    }
  }
  return { target: 'configs', inputs, findings: tally.findings, figures: tally.figures };
}
