import { groupBy } from '../domain/group-by.ts';
import type { Judgement, Wrong } from './judge.ts';
import type { ProblemKind } from './problem.ts';
import { firstNameIn } from './read-cards.ts';
import { dayMs } from './times.ts';
import type { SeenMessage } from './workspace-record.ts';

/** One figure with its goal; one line of the output. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly goal: string;
  readonly reached: boolean;
  /** Where it was missed. */
  readonly worst?: string;
}

/** The least share of problems of a kind that somebody is told of. */
const leastRecall: Readonly<Partial<Record<ProblemKind, number>>> = {
  server: 1,
  release: 1,
  device: 0.95,
  disk: 0.95,
  firewall: 0.95,
  nightly: 0.95,
  flapping: 0.8,
};
const mostPosts = 2;
const mostLines = 5;

export function countFigures({ told, wrongs }: Judgement, seen: readonly SeenMessage[]): readonly Figure[] {
  const recalls = [...told].map(([kind, { of, told: heard }]) =>
    atLeast(`recall of ${kind}`, heard / of, leastRecall[kind] ?? 1),
  );
  const none = (figure: string, what: Wrong['what']) =>
    atMost(figure, wrongs.filter((wrong) => wrong.what === what).length, 0);
  return [
    ...recalls,
    none('tickets about nothing', 'about-nothing'),
    none('tickets wrongly merged', 'wrongly-merged'),
    none('tickets closed while failing', 'closed-while-failing'),
    none('tickets open a day after healing that left evidence', 'left-open'),
    atMostOf('posts about one thing in a channel in a day', mostAbout(seen, 'post'), mostPosts),
    atMostOf('lines in one thread in a day', mostAbout(seen, 'line'), mostLines),
  ];
}

/** The most new messages of one day about one subject in one channel, or in one thread. */
function mostAbout(seen: readonly SeenMessage[], kind: 'post' | 'line'): readonly SeenMessage[] {
  const made = seen.filter(({ message }) => message.edits === 0 && message.ephemeralFor === null);
  const wanted = made.filter(({ message }) => (message.threadTs === null) === (kind === 'post'));
  const counts = groupBy(wanted, ({ at, message }) => {
    const about = message.threadTs ?? firstNameIn(message.text) ?? message.text;
    return JSON.stringify([Math.floor(at.getTime() / dayMs), message.channel, about]);
  });
  return [...counts.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
}

function atLeast(figure: string, value: number, least: number): Figure {
  const rounded = Math.round(value * 1000) / 1000;
  return { figure, value: rounded, goal: `at least ${least}`, reached: value >= least };
}

function atMostOf(figure: string, list: readonly SeenMessage[], most: number): Figure {
  const made = atMost(figure, list.length, most);
  const texts = list.map(({ at, message }) => `${at.toISOString()} ${message.channel} ${message.text}`);
  return made.reached ? made : { ...made, worst: texts.join('\n') };
}

function atMost(figure: string, value: number, most: number): Figure {
  return { figure, value, goal: `at most ${most}`, reached: value <= most };
}
