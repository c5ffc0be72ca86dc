import type { FaultKind } from '../fault-kind.ts';

const second = 1_000;

export const runFaults = {
  'run-sessions-killed': {
    world: 'runs',
    what: 'sessions of sshd are killed',
    lastsMs: [0, 1],
    times: [1, 4],
  },
  'run-bot-killed': {
    world: 'runs',
    what: 'the bot gets SIGKILL while commands run',
    lastsMs: [0, 2 * second],
  },
  'run-bot-paused': {
    world: 'runs',
    what: 'the bot gets SIGSTOP while commands run',
    lastsMs: [0, 8 * second],
  },
  'run-bot-frozen': {
    world: 'runs',
    what: 'one of two bots gets SIGSTOP, for 20 to 60 s, while commands run',
    lastsMs: [20 * second, 60 * second],
    needsTwoBots: true,
    isLong: true,
  },
  'run-cable-cut': {
    world: 'runs',
    what: 'the cable of the distribution server is pulled; it notices, or does not',
    lastsMs: [0, 2 * second],
  },
  'run-server-away': {
    world: 'runs',
    what: 'sshd ends with its sessions, and is started again',
    lastsMs: [second, 6 * second],
  },
  'run-race': {
    world: 'runs',
    what: 'two people approve at the same moment, with two bots',
    lastsMs: [0, 1],
    needsTwoBots: true,
  },
  'run-backends-terminated': {
    world: 'runs',
    what: 'sessions of the database are ended while commands run',
    lastsMs: [0, 2 * second],
    times: [5, 20],
  },
  'run-slack-reply-lost': {
    world: 'runs',
    what: 'Slack does what was asked, and the answer is lost, while commands run',
    lastsMs: [0, 1],
    times: [1, 4],
  },
} as const satisfies Readonly<Record<string, FaultKind>>;
