import { describe, expect, it } from 'vitest';
import { logSource } from '../../src/config/schema-logs.ts';

const faultsOf = (source: object) =>
  logSource
    .safeParse(source)
    .error?.issues.flatMap((issue) =>
      issue.code === 'invalid_union'
        ? issue.errors.flat().map((one) => `${[...issue.path, ...one.path].join('.')} ${one.message}`)
        : [`${issue.path.join('.')} ${issue.message}`],
    ) ?? [];
const format = {
  time: { pattern: String.raw`^(?<time>\S+ \S+)`, format: 'YYYY-MM-DD HH:mm:ss' },
  start: 'BEGIN (?<job>\\S+)',
  end: 'DONE',
};
const pattern = (change: object) => ({ adapter: 'pattern', path: '/l', format: { ...format, ...change } });

describe('B14: a server’s logs in the config', () => {
  it.each([
    [{ adapter: 'record' }, '/var/log/restage-record/*.jsonl'],
    [{ adapter: 'ansible' }, '/var/log/restage-ansible/*.jsonl'],
    [{ adapter: 'ftpsync', timeZone: 'Europe/Berlin' }, '/home/mirror/.local/log/ftpsync/ftpsync*.log'],
    [{ adapter: 'pattern', path: '/var/log/x.log', format: 'clush' }, '/var/log/x.log'],
    [pattern({}), '/l'],
  ])('%j', (source, path) => {
    expect(logSource.parse(source).path).toBe(path);
  });

  it.each([
    ['a pattern that is none', pattern({ end: '(' }), /format\.end must be a regular expression/],
    ['a look-around', pattern({ start: '(?=x)(?<job>y)' }), /format\.start must be a regular expression/],
    [
      'a group that nobody knows',
      pattern({ about: ['(?<jop>x)'] }),
      /format\.about\.0 .*groups .* of job, attempt/,
    ],
    [
      'a result without recipient',
      pattern({ failed: ['(?<cause>x)'] }),
      /format\.failed\.0 .*\(\?<recipient>/,
    ],
    [
      'a time without its group',
      pattern({ time: { ...format.time, pattern: 'x' } }),
      /format\.time\.pattern .*\(\?<time>/,
    ],
    [
      'a time without minutes',
      pattern({ time: { ...format.time, format: 'YYYY-MM-DD' } }),
      /format\.time\.format must be/,
    ],
    ['no format', { adapter: 'pattern', path: '/l' }, /^format must be there/],
    ['no path', { adapter: 'pattern', format: 'pdsh' }, /^path must be where/],
    ['a format for another adapter', { adapter: 'record', format: 'pdsh' }, /^format must be left out/],
    ['a folder with *', { adapter: 'record', path: '/a*/b' }, /^path must be an absolute path/],
  ])('names the fault of %s', (_name, source, fault) => {
    expect(faultsOf(source)).toContainEqual(expect.stringMatching(fault));
  });
});
