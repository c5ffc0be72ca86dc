import type { RawMail } from '../domain/mail.ts';
import { createDraw, type Draw } from './draw.ts';
import type { Delivery, Problem } from './problem.ts';
import { clientsOf, servers } from './site.ts';
import { dayMs, hourMs, later, minuteMs, monthStart, type Span } from './times.ts';
import {
  type Failure,
  ftpsyncMail,
  nagiosMail,
  type Tool,
  writeFailure,
  writeRecovery,
} from './write-alerts.ts';
import { rawMail, throughList, type WrittenMail, writeMail } from './write-mail.ts';

const lostPercent = 2;
const doubledPercent = 3;
const latePercent = 3;
/** Alerts of single failures, a day, about which nobody wants a ticket. */
const straysADay = 8;

/** Writes the mail that the problems cause, as it arrives. */
export function writeProblems(seed: number, problems: readonly Problem[]): readonly RawMail[] {
  return problems.flatMap((problem) => sendAll(seed, problem).flatMap(({ arriving }) => arriving));
}

/** Lists the devices of which mail tells that it is over there, and never arrives. */
export function lostWords(seed: number, problem: Problem): readonly string[] {
  const lost = sendAll(seed, problem).filter(({ arriving }) => arriving.length === 0);
  return [...new Set(lost.flatMap(({ mail }) => mail.wordOf ?? []))];
}

function sendAll(seed: number, problem: Problem) {
  const draw = createDraw(seed * 1000 + problem.id);
  return mailsOf(problem, draw).map((mail) => ({ mail, arriving: send(mail, draw) }));
}

/** Writes mail that has nothing to do with them. */
export function writeOthers(seed: number, days: number, problems: readonly Problem[]): readonly RawMail[] {
  const draw = createDraw(seed * 1000 + 999);
  return [...strays(problems, days, draw), ...letters(days)].flatMap((mail) => send(mail, draw));
}

/** What becomes of a mail on its way: some are lost, some come twice, some come late. */
function send(mail: WrittenMail, draw: Draw): readonly RawMail[] {
  if (draw.percent(lostPercent)) return [];
  const source = writeMail(mail);
  const lateMs = draw.percent(latePercent) ? draw.between(5, 50) * minuteMs : draw.between(1, 20) * 1000;
  const arrives = later(mail.at, lateMs);
  const first = rawMail(source, arrives);
  if (!draw.percent(doubledPercent)) return [first];
  return [first, rawMail(throughList(source), later(arrives, draw.between(1, 90) * 1000))];
}

function mailsOf(problem: Problem, draw: Draw): readonly WrittenMail[] {
  const write = createWriter(problem, draw);
  switch (problem.kind) {
    case 'nightly':
      return nights(problem);
    case 'server':
      return [...hostAlerts(problem, draw), ...eachDevice(problem, draw, write, 15, 150)];
    case 'release':
      return [...release(problem, draw, write), ...write.recoveries(problem)];
    case 'flapping':
      return [
        ...problem.failing.flatMap((span) =>
          [1, 2, 3, 4].map((share) => write.failure(atShare(span, share / 5), problem.subject)),
        ),
        ...write.recoveries(problem),
      ];
    case 'disk':
      return [
        ...diskAlerts(problem),
        ...eachDevice(problem, draw, write, 5, 120),
        ...write.recoveries(problem),
      ];
    default:
      return [...eachDevice(problem, draw, write, 6, 120), ...write.recoveries(problem)];
  }
}

interface Writer {
  failure(at: Date, device: string): WrittenMail;
  recoveries(problem: Problem): readonly WrittenMail[];
}

/** Writes in the words of one tool, which takes the problem's deliveries in turn. */
function createWriter(problem: Problem, draw: Draw): Writer {
  const speaking: readonly [Tool, ...Tool[]] = problem.hasWord
    ? ['push', 'push', 'nagios']
    : ['plain', 'cron', 'plain'];
  const saysVersions = problem.kind === 'release' || problem.isSilent;
  const tool = saysVersions && problem.hasWord ? 'push' : draw.pick(speaking);
  const nextVersion = problem.kind === 'release' && draw.percent(50);
  const failed = new Map<string, Failure>();
  let last = 0;
  const make = (at: Date, device: string): Failure => {
    last += 1;
    const { [last % problem.deliveries.length]: turn, 0: first } = problem.deliveries;
    const delivery = turn ?? first ?? { package: '', job: '' };
    return { problem, device, delivery, at, id: `${problem.id}-${last}` };
  };
  return {
    failure(at, device) {
      const failure = make(at, device);
      failed.set(`${device} ${failure.delivery.package}`, failure);
      return writeFailure(failure, tool, draw);
    },
    recoveries({ hasWord, until }) {
      if (!hasWord) return [];
      return [...failed.values()].flatMap((failure, index) => {
        const over = { ...failure, at: later(until, (index + 1) * 1000), id: `${failure.id}-ok` };
        const delivery = nextVersion ? newer(failure.delivery) : failure.delivery;
        return writeRecovery({ ...over, delivery }, tool, draw) ?? [];
      });
    },
  };
}

/** A bad release is mended by the next one. */
function newer(delivery: Delivery): Delivery {
  return {
    ...delivery,
    package: delivery.package.replace(/(\d+)\.deb$/, (_, minor) => `${Number(minor) + 1}.deb`),
  };
}

/** Each device fails every few minutes for an hour, then more rarely until it is over. */
function eachDevice(
  { failing, devices, kind }: Problem,
  draw: Draw,
  write: Writer,
  minutes: number,
  laterMinutes: number,
): readonly WrittenMail[] {
  // A maintenance is over somewhat before its planned end.
  return failing.flatMap(({ from, until }) =>
    devices.flatMap((device) => {
      const written: WrittenMail[] = [];
      let at = later(from, draw.between(20, minutes * 60) * 1000);
      while (at < later(until, kind === 'maintenance' ? -5 * minuteMs : 0)) {
        written.push(write.failure(at, device));
        const pause = at < later(from, hourMs) ? minutes : laterMinutes;
        at = later(at, draw.between(pause * 45, pause * 75) * 1000);
      }
      return written;
    }),
  );
}

/** A rollout fails at all its devices within a few minutes, and is tried once more. */
function release({ from, devices }: Problem, draw: Draw, write: Writer): readonly WrittenMail[] {
  return devices.flatMap((device) => {
    const first = later(from, draw.between(10, 20 * 60) * 1000);
    return [first, later(first, draw.between(20, 40) * minuteMs)].map((at) => write.failure(at, device));
  });
}

/** The monitor sees the server itself. */
function hostAlerts({ id, subject, from, until, hasWord }: Problem, draw: Draw): readonly WrittenMail[] {
  if (!hasWord) return [];
  const seenAt = later(from, draw.between(1, 5) * minuteMs);
  const text = `CRITICAL - Host Unreachable (${subject})`;
  const notice = { device: subject, service: null, text };
  return [
    nagiosMail({ ...notice, isOver: false, at: seenAt, id: `${id}-down` }),
    nagiosMail({ ...notice, isOver: true, text: 'PING OK', at: later(until, minuteMs), id: `${id}-up` }),
  ];
}

/** The monitor sees the full disk; while it is full, another service of the device recovers, which says nothing of it. */
function diskAlerts({ id, subject, from, until, hasWord }: Problem): readonly WrittenMail[] {
  if (!hasWord) return [];
  const disk = { device: subject, service: 'Disk /srv' };
  const text = 'DISK CRITICAL - free space: /srv 0 MB (0%): No space left on device';
  const middle = new Date((from.getTime() + until.getTime()) / 2);
  const other = { device: subject, service: 'Mirror sync', isOver: true, text: 'OK' };
  return [
    nagiosMail({ ...disk, isOver: false, text, at: later(from, 2 * minuteMs), id: `${id}-full` }),
    nagiosMail({ ...other, at: middle, id: `${id}-other` }),
    nagiosMail({ ...disk, isOver: true, text: 'DISK OK', at: later(until, 10_000), id: `${id}-free` }),
  ];
}

function nights({ id, subject, deliveries, from, until, hasWord }: Problem): readonly WrittenMail[] {
  const job = deliveries[0]?.job ?? '';
  const count = Math.round((until.getTime() - from.getTime()) / dayMs);
  const failed = Array.from({ length: count }, (_, night) => {
    const at = later(from, night * dayMs + minuteMs);
    const error = 'rsync: [receiver] mkstemp "/srv/mirrors/.index" failed: Read-only file system (30)';
    return ftpsyncMail(subject, job, error, at, `${id}-night${night}`);
  });
  return hasWord ? [...failed, ftpsyncMail(subject, job, null, later(until, minuteMs), `${id}-ok`)] : failed;
}

/** Single failures here and there, of devices with no problem. */
function strays(problems: readonly Problem[], days: number, draw: Draw): readonly WrittenMail[] {
  const busy = new Set(problems.flatMap(({ devices }) => devices));
  const free = servers.flatMap((server) => clientsOf(server, 'client')).filter((name) => !busy.has(name));
  return Array.from({ length: straysADay * days }, (_, number) => {
    const [device] = draw.some(free, 1);
    if (device === undefined) return [];
    const at = later(monthStart, draw.between(0, days * 24 * 60) * minuteMs);
    const failure = draw.pick(['connection', 'access', 'package'] as const);
    const problem = { id: 0, kind: 'device', failure } as const;
    const delivery = { package: `notes_0.${number}.deb`, job: `notes-${number}` };
    return [writeFailure({ problem, device, delivery, at, id: `stray-${number}` }, 'push', draw)];
  }).flat();
}

/** Mail that announces nothing. */
function letters(days: number): readonly WrittenMail[] {
  return Array.from({ length: days }, (_, day) => {
    const at = later(monthStart, day * dayMs + 9 * hourMs);
    const letter = { user: 'ana', host: 'dist-01', at, coding: 'utf-8' } as const;
    const lines = ['Hello,', 'client-001 gets new shelves next week.', 'Ana'];
    return { ...letter, subject: `Notes of day ${day + 1}`, lines, id: `letter-${day}` };
  });
}

function atShare({ from, until }: Span, share: number): Date {
  return later(from, (until.getTime() - from.getTime()) * share);
}
