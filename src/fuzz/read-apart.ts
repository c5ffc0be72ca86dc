import { shippedFormats } from '../alert/shipped-formats.ts';
import { openForInspection } from '../app.ts';
import { loadConfig } from '../config/load-config.ts';
import type { FuzzBot } from './bot.ts';
import { sendReport } from './report.ts';
import type { FuzzRun } from './target.ts';
import { fuzzReading, type ReadingReport } from './targets/reading.ts';

/** What a process of its own is given to read, as JSON in its first argument. */
export type ReadingOrder = Pick<FuzzBot, 'configFile' | 'env'> & Omit<FuzzRun, 'say'>;

/** Reads the mails of a run and sends the report to the process that forked this one. */
async function readApart({ configFile, env, ...run }: ReadingOrder): Promise<ReadingReport> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const loaded = loadConfig(configFile, env, { shippedFormatNames: Object.keys(shippedFormats) });
  const inspection = await openForInspection(loaded, { log });
  try {
    return await fuzzReading(inspection.deps, { ...run, say: (text) => process.stderr.write(`${text}\n`) });
  } finally {
    await inspection.close();
  }
}

// Without whoever wants the report there is nothing to do.
process.once('disconnect', () => process.exit());
if (!process.connected) process.exit();
const report = await readApart(JSON.parse(process.argv[2] ?? '') as ReadingOrder);
sendReport(report);
