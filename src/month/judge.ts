import type { Episode } from './episodes.ts';
import { hasWholeWord, type Problem, type ProblemKind } from './problem.ts';
import { dayMs, hourMs, isWithin, later, minuteMs } from './times.ts';

/** Something that the workspace says wrong, or does not say. */
export interface Wrong {
  readonly what: 'missed' | 'about-nothing' | 'wrongly-merged' | 'closed-while-failing' | 'left-open';
  readonly at: Date;
  readonly problem: number | null;
  readonly ticketId: number | null;
  readonly detail: string;
}

export interface Judgement {
  /** By kind: how many there were, and how many of them somebody was told of. */
  readonly told: ReadonlyMap<ProblemKind, { readonly of: number; readonly told: number }>;
  readonly wrongs: readonly Wrong[];
  /** Which problem each episode of a ticket is about; `null` for none. */
  readonly about: ReadonlyMap<Episode, Problem | null>;
}

/** Late mail may tell of a problem so long after it is over. */
const lateMs = 2 * hourMs;

/** Compares what really was wrong with what stands in the workspace, which is seen until `end`. */
export function judge(problems: readonly Problem[], episodes: readonly Episode[], end: Date): Judgement {
  const about = new Map(episodes.map((episode) => [episode, findProblem(problems, episode)]));
  const wrongs = episodes.flatMap((episode) => {
    const problem = about.get(episode) ?? null;
    if (problem === null || problem.kind === 'maintenance') return [aboutNothing(episode, problem)];
    return [
      ...findMerged(problems, problem, episode),
      ...findClosed(problem, episode),
      ...findLeftOpen(problem, episode, end),
    ];
  });
  const isTold = new Set([...about].map(([, problem]) => problem?.id));
  const due = problems.filter(({ kind }) => kind !== 'maintenance');
  const missed = due.filter(({ id }) => !isTold.has(id)).map(describeMissed);
  const told = new Map<ProblemKind, { of: number; told: number }>();
  for (const { kind, id } of due) {
    const { of, told: before } = told.get(kind) ?? { of: 0, told: 0 };
    told.set(kind, { of: of + 1, told: before + (isTold.has(id) ? 1 : 0) });
  }
  return { told, wrongs: [...wrongs, ...missed], about };
}

/** The problem that a ticket is about by its title and by the time at which it opened. */
function findProblem(problems: readonly Problem[], { subject, from }: Episode): Problem | null {
  const near = problems.filter(
    (problem) => problem.from <= from && from < later(problem.until, lateMs) && isNamed(problem, subject),
  );
  return near.find((problem) => namedBy(problem.subject, subject)) ?? near[0] ?? null;
}

/** A server or a release must be named itself: tickets about its devices do not tell of it. */
function isNamed(problem: Problem, subject: string): boolean {
  return namedBy(problem.subject, subject) || problem.devices.includes(subject);
}

function namedBy(wanted: string, subject: string): boolean {
  return subject === wanted.toLowerCase();
}

function aboutNothing({ ticketId, subject, from }: Episode, problem: Problem | null): Wrong {
  const detail = problem === null ? `${subject}: nothing was wrong` : `${subject}: it was planned`;
  return { what: 'about-nothing', at: from, problem: problem?.id ?? null, ticketId, detail };
}

/** A ticket names what only another problem has to do with, which was there at the same time. */
function findMerged(problems: readonly Problem[], problem: Problem, episode: Episode): readonly Wrong[] {
  const others = problems.filter(
    (other) => other.id !== problem.id && other.from < problem.until && problem.from < other.until,
  );
  const foreign = others.flatMap((other) => {
    const names = other.devices.filter((name) => episode.names.has(name) && !problem.devices.includes(name));
    return names.length > 0 ? [`${names[0]} of problem ${other.id} (${other.kind})`] : [];
  });
  if (foreign.length === 0) return [];
  const { ticketId, from, subject } = episode;
  return [
    { what: 'wrongly-merged', at: from, problem: problem.id, ticketId, detail: `${subject}: ${foreign[0]}` },
  ];
}

/** What has just failed again may not have been told yet. */
const settleMs = 5 * minuteMs;

function findClosed(problem: Problem, { ticketId, subject, closings }: Episode): readonly Wrong[] {
  const early = closings.find(({ at }) =>
    problem.failing.some(({ from, until }) => isWithin({ from: later(from, settleMs), until }, at)),
  );
  if (!early) return [];
  const detail = `${subject}: fails until ${problem.until.toISOString()}`;
  return [{ what: 'closed-while-failing', at: early.at, problem: problem.id, ticketId, detail }];
}

function findLeftOpen(problem: Problem, episode: Episode, end: Date): readonly Wrong[] {
  const { ticketId, subject, until } = episode;
  const due = later(problem.until, dayMs);
  if (!leftEvidence(problem, episode) || due > end || (until !== null && until <= due)) return [];
  const detail = `${subject}: over since ${problem.until.toISOString()}`;
  return [{ what: 'left-open', at: due, problem: problem.id, ticketId, detail }];
}

/** A ping shows that it is over only where one had failed when the ticket opened (A17). */
function leftEvidence(problem: Problem, { from }: Episode): boolean {
  const wasSilent = problem.isSilent && problem.failing.some((span) => isWithin(span, from));
  return wasSilent || hasWholeWord(problem);
}

function describeMissed({ id, kind, subject, from }: Problem): Wrong {
  return { what: 'missed', at: from, problem: id, ticketId: null, detail: `${kind} ${subject}` };
}
