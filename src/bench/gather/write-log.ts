import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

/** A day of a log, and where its lines stand in the file. */
export interface LoggedDay {
  readonly from: Date;
  readonly until: Date;
  readonly start: number;
  readonly end: number;
}

const dayMs = 86_400_000;

/**
 * Writes a recorder's log of so many bytes and days as one file in the order of its times; the days differ in size by the
 * weights. Answers where each day stands.
 */
export async function writeLog(
  file: string,
  bytes: number,
  weights: readonly number[],
  firstDay: Date,
): Promise<readonly LoggedDay[]> {
  const stream = createWriteStream(file);
  const sum = weights.reduce((all, one) => all + one, 0);
  const days: LoggedDay[] = [];
  let written = 0;
  for (const [index, weight] of weights.entries()) {
    const from = new Date(firstDay.getTime() + index * dayMs);
    const start = written;
    const size = Math.floor((bytes * weight) / sum);
    for (let count = 0, made = 0; made < size; count++) {
      // A day's lines stand close together at its beginning and further apart later on.
      const at = new Date(from.getTime() + Math.floor(dayMs * (made / size) ** 2));
      const line = endLine(`j${index}-${count}`, at, `client-${count % 5000}`);
      made += line.length;
      written += line.length;
      if (!stream.write(line)) await once(stream, 'drain');
    }
    days.push({ from, until: new Date(from.getTime() + dayMs), start, end: written });
  }
  stream.end();
  await once(stream, 'finish');
  return days;
}

/** A run that failed, as restage-record writes it. ASCII, so that its length is its bytes. */
export function endLine(job: string, at: Date, recipient: string): string {
  return `${JSON.stringify({
    v: 1,
    event: 'end',
    id: `${job}.1.77.${at.getTime()}`,
    at: at.toISOString(),
    attempt: 1,
    server: 'int-38',
    job,
    cwd: '/srv/packages',
    user: 'dist',
    packages: ['geo-db'],
    flags: [],
    argv: ['rsync', '-a', '--timeout', '30', '/srv/packages/geo-db', `${recipient}:/srv/incoming/`],
    recipients: [recipient],
    exitCode: 12,
    signal: null,
    durationS: 1.25,
    results: [{ recipient, result: 'failed', cause: 'exit code 12: connection unexpectedly closed' }],
  })}\n`;
}
