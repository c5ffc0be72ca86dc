import { describe, expect, it } from 'vitest';
import { type Episode, readEpisodes } from '../../src/month/episodes.ts';
import { judge } from '../../src/month/judge.ts';
import type { Problem } from '../../src/month/problem.ts';
import { type Card, namesIn } from '../../src/month/read-cards.ts';
import { dayMs, hourMs, later, monthStart } from '../../src/month/times.ts';

const hour = (hours: number) => later(monthStart, hours * hourMs);
const end = later(monthStart, 5 * dayMs);

function problem(changed: Partial<Problem> = {}): Problem {
  const span = { from: hour(1), until: hour(10) };
  return {
    ...{ id: 1, kind: 'device', subject: 'client-001', devices: ['client-001'], failure: 'package' },
    ...{ ...span, failing: [span], isSilent: false, hasWord: true, wordLostAt: [] },
    deliveries: [],
    ...changed,
  };
}

function episode(changed: Partial<Episode> = {}): Episode {
  return {
    ...{ ticketId: 7, subject: 'client-001', channel: 'C0', from: hour(2), until: hour(11) },
    ...{ names: new Set(['client-001']), packages: new Set<string>(), closings: [{ at: hour(11) }] },
    ...changed,
  };
}

const wrongsOf = (problems: readonly Problem[], episodes: readonly Episode[]) =>
  judge(problems, episodes, end).wrongs.map(({ what }) => what);

describe('the checker of a month', () => {
  it('finds nothing wrong with a ticket that opens while its problem lasts and closes after it', () => {
    expect(wrongsOf([problem()], [episode()])).toEqual([]);
  });

  it.each<[string, readonly Problem[], readonly Episode[], string]>([
    ['a problem that nobody was told of', [problem()], [], 'missed'],
    ['a ticket about a device with no problem', [], [episode()], 'about-nothing'],
    ['a ticket about a maintenance', [problem({ kind: 'maintenance' })], [episode()], 'about-nothing'],
    [
      'a ticket that closes while its problem lasts',
      [problem()],
      [episode({ until: hour(8), closings: [{ at: hour(8) }] })],
      'closed-while-failing',
    ],
    [
      'a ticket that is open a day after the problem is over',
      [problem()],
      [episode({ until: null, closings: [] })],
      'left-open',
    ],
    [
      'a ticket that names the device of another problem',
      [problem(), problem({ id: 2, subject: 'client-002', devices: ['client-002'] })],
      [
        episode({ names: new Set(['client-001', 'client-002']) }),
        episode({ ticketId: 8, subject: 'client-002', names: new Set(['client-002']) }),
      ],
      'wrongly-merged',
    ],
  ])('finds %s', (_name, problems, episodes, what) => {
    expect(wrongsOf(problems, episodes)).toEqual([what]);
  });

  it('lets a ticket stay open where nothing shows that its problem is over', () => {
    const silent = problem({ hasWord: false });
    const lost = problem({ wordLostAt: ['client-001'] });
    expect(wrongsOf([silent], [episode({ until: null, closings: [] })])).toEqual([]);
    expect(wrongsOf([lost], [episode({ until: null, closings: [] })])).toEqual([]);
  });

  it.each([
    ['was silent when its ticket opened', hour(2), ['left-open']],
    ['answered when its ticket opened', hour(5), []],
  ])('asks a ping to show that it is over only of what %s', (_name, from, wrongs) => {
    const failing = [
      { from: hour(1), until: hour(3) },
      { from: hour(9), until: hour(10) },
    ];
    const flapping = problem({ kind: 'flapping', isSilent: true, hasWord: false, failing });
    expect(wrongsOf([flapping], [episode({ from, until: null, closings: [] })])).toEqual(wrongs);
  });

  it('lets a ticket close between two failures of a link that flaps', () => {
    const failing = [
      { from: hour(1), until: hour(2) },
      { from: hour(9), until: hour(10) },
    ];
    const closed = episode({ from: hour(1), until: hour(5), closings: [{ at: hour(5) }] });
    expect(wrongsOf([problem({ kind: 'flapping', failing })], [closed])).toEqual([]);
  });

  it('takes a ticket that opens again for another one', () => {
    const card = (at: Date, state: Card['state']): Card => ({
      ...{ at, state, ticketId: 7, subject: 'client-001', byPerson: false, channel: 'C0' },
      ...{ names: new Set<string>(), packages: new Set<string>() },
    });
    const cards = [card(hour(1), 'failing'), card(hour(2), 'resolved'), card(hour(3), 'failing')];
    expect(readEpisodes(cards).map(({ from, until }) => [from, until])).toEqual([
      [hour(1), hour(2)],
      [hour(3), null],
    ]);
  });

  it('reads folded names', () => {
    expect(namesIn('3 devices named: client-[009-010,024], int-07')).toEqual([
      'int-07',
      'client-009',
      'client-010',
      'client-024',
    ]);
  });
});
