import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMail } from '../../src/workflows/intake/read-mail.ts';
import { loadExampleNet } from '../support/example-net.ts';
import { fixturesReceivedAt } from '../support/mail-fixtures.ts';
import { expected } from './corpus.expected.ts';

const folder = path.join(import.meta.dirname, '../fixtures/mail');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.eml'))
  .toSorted();
const { deps } = loadExampleNet();

function expectedOf(file: string) {
  return expected[path.dirname(file)]?.[path.basename(file).slice(0, 2)];
}

describe('the mail of a real network, read with its config', () => {
  test('every mail has its line in the table, and every line its mail', () => {
    expect(files).toHaveLength(126);
    expect(files.filter((file) => expectedOf(file) === undefined)).toEqual([]);
    expect(Object.values(expected).flatMap((mails) => Object.keys(mails))).toHaveLength(126);
  });

  test.each(files)('%s', async (file) => {
    const source = readFileSync(path.join(folder, file));
    const { reading } = await readMail(deps, { source, via: `file:${file}`, receivedAt: fixturesReceivedAt });
    const decisive = reading.gates.findLast(({ passed }) => !passed) ?? reading.gates.at(-1);
    expect({
      outcome: reading.state,
      gate: decisive?.gate,
      reason: decisive?.reason,
      format: reading.format,
      alerts: reading.alerts.map((alert) => ({
        region: alert.region,
        device: alert.device,
        domain: alert.domain,
        package: alert.package,
        failure: alert.failure,
        distributionServer: alert.distributionServer,
        job: alert.job,
        at: alert.at.toISOString(),
      })),
      recovered: reading.recoveries.map(({ device, job }) => [device, job]),
    }).toEqual(expectedOf(file));
  });
});
