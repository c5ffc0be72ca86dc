import { type CliOptions, readOptions, usage } from './options.ts';
import { textOf } from './read-cards.ts';
import { runMonth } from './run-month.ts';
import type { SeenMessage } from './workspace-record.ts';

const log = {
  debug() {},
  info() {},
  warn: (fields: object, message: string) => writeError(fields, message),
  error: (fields: object, message: string) => writeError(fields, message),
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(2));
process.exit(await main());

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), new Date());
    if (options !== 'help') return await playMonth(options);
    process.stdout.write(usage);
    return 0;
  } catch (error) {
    process.stderr.write(
      `month: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 2;
  }
}

async function playMonth(options: CliOptions): Promise<number> {
  const since = performance.now();
  const { seed, days, problem } = options;
  const { problems, mails, figures, wrongs, seen } = await runMonth({ ...options, log });
  if (problem !== null) for (const line of [...problems, ...describeSeen(seen)]) writeLine(line);
  for (const { at, ...wrong } of wrongs) writeLine({ wrong: wrong.what, at: at.toISOString(), ...wrong });
  for (const figure of figures) writeLine(figure);
  const missed = figures.filter(({ reached }) => !reached);
  const tookS = Math.round((performance.now() - since) / 1000);
  writeLine({ seed, days, problems: problems.length, mails, goalsMissed: missed.length, tookS });
  return missed.length === 0 ? 0 : 1;
}

function describeSeen(seen: readonly SeenMessage[]): readonly object[] {
  return seen.map(({ at, message: { channel, threadTs, edits, blocks } }) => ({
    ...{ at, channel, isReply: threadTs !== null, edits, text: textOf(blocks) },
  }));
}

function writeLine(data: object): void {
  process.stdout.write(`${JSON.stringify(data)}\n`);
}

function writeError(fields: object, message: string): void {
  process.stderr.write(`${JSON.stringify({ message, ...fields })}\n`);
}
