import { describe, expect, it } from 'vitest';
import type { SourceFinding } from '../../src/domain/package-source.ts';
import { judgeSources } from '../../src/redistribution/judge-sources.ts';

const path = '/srv/geo-db';
const before = { path, files: 3, bytes: 100, newest: 1_795_435_200 };

describe('B9: whether a package is still there, and the same', () => {
  it.each<[string, SourceFinding | null, string | null, string[]]>([
    ['the same', before, null, []],
    ['gone', 'missing', '/srv/geo-db, which it distributes, is not there any more', []],
    ['not to be told', 'unknown', null, []],
    ['not looked at', null, null, []],
    ['of other files', { ...before, files: 4 }, null, ['/srv/geo-db has 4 files instead of 3']],
    ['of another size', { ...before, bytes: 99 }, null, ['/srv/geo-db has 99 bytes instead of 100']],
    [
      'touched since',
      { ...before, newest: before.newest + 60 },
      null,
      ['/srv/geo-db was changed at 2026-11-23T12:01:00.000Z, it was of 2026-11-23T12:00:00.000Z'],
    ],
  ])('%s', (_what, finding, refusal, changed) => {
    const found = new Map(finding === null ? [] : [[path, finding]]);
    const now = typeof finding === 'object' && finding !== null ? [finding] : [];
    const bySize = now.map((one) => one.path);
    expect(judgeSources([before], found)).toEqual({ refusal, changed, bySize, now });
  });

  const digested = (digest: string) => ({ ...before, digest });
  it.each<[string, SourceFinding, string[], string[]]>([
    ['the same content', digested('sha256:a'), [], []],
    ['the same content, touched since', { ...digested('sha256:a'), newest: before.newest + 60 }, [], []],
    [
      'swapped with the same size and time',
      digested('sha256:b'),
      [`${path} has another content of the same size`],
      [],
    ],
    ['not to be read any more', before, [], [path]],
  ])('by its digest it is %s', (_what, finding, changed, bySize) => {
    const judged = judgeSources([digested('sha256:a')], new Map([[path, finding]]));
    expect(judged).toMatchObject({ refusal: null, changed, bySize });
  });
});
