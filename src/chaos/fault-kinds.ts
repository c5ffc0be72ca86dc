import type { FaultKind, World } from './fault-kind.ts';
import { runFaults } from './runs/run-faults.ts';

const second = 1_000;
/** A silent connection is replaced within 30 s; as much again for what is left to do, beside other rounds. */
const silentMs = 60 * second;

const botFaults = {
  'bot-killed': { world: 'mail', what: 'a bot gets SIGKILL, and is started again', lastsMs: [0, 5 * second] },
  'bot-restarted': {
    world: 'mail',
    what: 'a bot gets SIGTERM, and is started again',
    lastsMs: [0, 2 * second],
  },
  'bot-paused': { world: 'mail', what: 'a bot gets SIGSTOP, for seconds', lastsMs: [second, 8 * second] },
  'bot-frozen': {
    world: 'mail',
    what: 'a bot gets SIGSTOP, for 20 to 90 s',
    lastsMs: [20 * second, 90 * second],
    isLong: true,
  },
  'bot-frozen-counting': {
    world: 'mail',
    what: 'a bot gets SIGSTOP in a transaction that counts; the other one must go on',
    lastsMs: [25 * second, 45 * second],
    needsTwoBots: true,
    isLong: true,
  },
  'bot-vanished-counting': {
    world: 'mail',
    what: 'the cable of a bot’s machine is pulled in a transaction that counts; the other bot must go on',
    lastsMs: [25 * second, 45 * second],
    needsTwoBots: true,
    isLong: true,
  },
  'cable-cut': {
    world: 'mail',
    what: 'the cable of a bot’s machine is pulled, for seconds',
    lastsMs: [2 * second, 12 * second],
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

const databaseFaults = {
  'backends-terminated': {
    world: 'mail',
    what: 'sessions of the database are ended by pg_terminate_backend',
    lastsMs: [3 * second, 8 * second],
    times: [30, 61],
  },
  'backends-killed': {
    world: 'mail',
    what: 'sessions of the database get SIGKILL, at which PostgreSQL ends all others',
    lastsMs: [3 * second, 8 * second],
    times: [2, 5],
    database: 'own',
  },
  'database-killed': {
    world: 'mail',
    what: 'the database server ends without a goodbye, and is started again',
    lastsMs: [second, 15 * second],
    database: 'own',
  },
  'database-paused': {
    world: 'mail',
    what: 'all processes of the database server get SIGSTOP',
    lastsMs: [5 * second, 40 * second],
    database: 'own',
    isLong: true,
  },
  'database-full': {
    world: 'mail',
    what: 'the disk of the database is full',
    lastsMs: [3 * second, 15 * second],
    database: 'small-disk',
  },
  'database-half-open': {
    world: 'mail',
    what: 'open connections to the database fall silent for good; new ones work',
    convergesWithinMs: silentMs,
    lastsMs: [0, 1],
    needsDatabaseLink: true,
  },
  'database-silent': {
    world: 'mail',
    what: 'all connections to the database fall silent, new ones too',
    lastsMs: [15 * second, 45 * second],
    needsDatabaseLink: true,
    isLong: true,
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

const mailFaults = {
  'mail-poison': {
    world: 'mail',
    what: 'a mail that is hard to read arrives by SMTP and by IMAP',
    lastsMs: [0, 1],
  },
  'mail-server-killed': {
    world: 'mail',
    what: 'the mail server is killed, and started again',
    lastsMs: [second, 8 * second],
  },
  'mail-server-silent': {
    world: 'mail',
    what: 'open connections to the mailbox fall silent for good; new ones work',
    convergesWithinMs: silentMs,
    lastsMs: [0, 1],
  },
  'mailbox-recreated': {
    world: 'mail',
    what: 'the mailbox gets a new UIDVALIDITY, and every mail a new UID',
    lastsMs: [0, 1],
  },
  'mailbox-expunged': {
    world: 'mail',
    what: 'mails that announce nothing are expunged while others are read',
    lastsMs: [0, 1],
  },
  'mailbox-moved': {
    world: 'mail',
    what: 'mails are moved to another folder, and back: new UIDs',
    lastsMs: [0, 1],
  },
  'two-orders': {
    world: 'mail',
    what: 'two bots get the same alerts in different order',
    lastsMs: [0, 1],
    needsTwoBots: true,
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

const slackFaults = {
  'slack-429': {
    world: 'mail',
    what: 'Slack limits posts and edits',
    lastsMs: [0, 1],
    times: [1, 4],
  },
  'slack-5xx': { world: 'mail', what: 'Slack answers 500 or 503', lastsMs: [0, 1], times: [1, 4] },
  'slack-slow': { world: 'mail', what: 'Slack takes seconds to answer', lastsMs: [0, 1], times: [1, 4] },
  'slack-reply-lost': {
    world: 'mail',
    what: 'Slack does what was asked, and the answer is lost',
    lastsMs: [0, 1],
    times: [1, 4],
  },
  'slack-late-post': {
    world: 'mail',
    what: 'a post takes effect up to 20 s after its connection broke',
    lastsMs: [second, 20 * second],
    times: [1, 4],
  },
  'slack-late-edit': {
    world: 'mail',
    what: 'an edit takes effect up to 20 s after its connection broke',
    lastsMs: [second, 20 * second],
    times: [1, 4],
  },
  'slack-doubled': { world: 'mail', what: 'a post takes effect twice', lastsMs: [0, 1], times: [1, 4] },
  'slack-silent-calls': {
    world: 'mail',
    what: 'calls get no answer and have no effect, and their connections stay open',
    lastsMs: [0, 1],
    times: [1, 3],
  },
  'slack-ghosts': {
    world: 'mail',
    what: 'Slack counts sockets that are none, and sends them their share',
    lastsMs: [2 * second, 10 * second],
    times: [1, 4],
  },
  'slack-refresh': { world: 'mail', what: 'Slack renews sockets', lastsMs: [0, 1], times: [1, 3] },
  'slack-sockets-dropped': { world: 'mail', what: 'Slack drops all sockets', lastsMs: [0, 1], times: [1, 3] },
  'slack-half-open': {
    world: 'mail',
    what: 'open connections to Slack fall silent for good; new ones work',
    convergesWithinMs: silentMs,
    lastsMs: [0, 1],
  },
  'slack-away-at-start': {
    world: 'mail',
    what: 'Slack can’t be reached when the bots start',
    lastsMs: [5 * second, 20 * second],
  },
  'slack-away': {
    world: 'mail',
    what: 'Slack can’t be reached, for 20 to 90 s',
    lastsMs: [20 * second, 90 * second],
    isLong: true,
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

const clockFaults = {
  'clock-ahead': {
    world: 'mail',
    what: 'a bot’s clock is 150 s ahead of Slack’s, and answers of Slack are lost',
    lastsMs: [0, 1],
    times: [2, 5],
    shiftsClock: true,
  },
  'clocks-apart': {
    world: 'mail',
    what: 'the clocks of two bots are 60 s apart',
    lastsMs: [0, 1],
    needsTwoBots: true,
    shiftsClock: true,
  },
  'clock-jump': {
    world: 'mail',
    what: 'a bot’s clock jumps an hour ahead, and back after 10 s',
    lastsMs: [10 * second, 10 * second + 1],
    shiftsClock: true,
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

const kinds = {
  ...botFaults,
  ...databaseFaults,
  ...mailFaults,
  ...slackFaults,
  ...clockFaults,
  ...runFaults,
} as const;

export type FaultName = keyof typeof kinds;
export const faultKinds: Readonly<Record<FaultName, FaultKind>> = kinds;
export const faultNames = Object.keys(kinds) as readonly FaultName[];

/** The names of a world's faults. */
export type FaultIn<W extends World> = {
  [Name in FaultName]: (typeof kinds)[Name]['world'] extends W ? Name : never;
}[FaultName];
