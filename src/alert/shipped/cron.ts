import type { AlertFormat } from '../../domain/policy.ts';
import {
  announcedError,
  announcedLine,
  announcedText,
  certainHostName,
  hostName,
  originOfMail,
  failedFile,
  fileInHeading,
  packageInOutput,
  packageInText,
  successOnly,
} from './patterns.ts';

const cronLiteral = { in: 'subject', text: 'Cron <' } as const;
const cronSubject = { in: 'subject', pattern: `^Cron <\\S+@${hostName}>` } as const;

/** The command is the job. */
const command = [{ in: 'subject', pattern: '^Cron <\\S+@[^>]+> (?<job>.+)' }] as const;

/** The package that the failure quotes, else the one that the command names, else the first that its output names. */
const packages = [
  { in: 'announced', pattern: packageInText },
  { in: 'body', pattern: failedFile },
  { in: 'body', pattern: fileInHeading },
  { in: 'subject', pattern: packageInText },
  { in: 'body', pattern: packageInOutput },
] as const;

/** Where the command ran. */
const runner = [
  { in: 'header:received', pattern: originOfMail('distributionServer') },
  { in: 'subject', pattern: `^Cron <\\S+@(?<distributionServer>${hostName})>` },
] as const;

const output = [
  { in: 'body', pattern: `^[ \\t]*${announcedError}` },
  { in: 'body', pattern: announcedLine },
  ...packages,
] as const;

const common = {
  literals: [cronLiteral],
  match: [cronSubject],
  failures: [],
  ignore: [],
  recovers: [],
} as const;

const nodePrefix = '^(?:(?:clush|pdsh@[^:\\s]+): (?:\\d+/\\d+\\s*(?:clush: )?)?)?';

/** One node, or several that are folded: `int-[07,38].eu`. */
const nodeSet = '[A-Za-z0-9_](?:(?:[A-Za-z0-9_.-]|\\[[0-9,/-]+\\])*(?:[A-Za-z0-9]|\\[[0-9,/-]+\\]))?';
const nodes = `${nodeSet}(?:,${nodeSet})*`;
const nodesEnd = '(?: \\(\\d+\\))?: ';
const nodeFailed = 'exited with exit code [1-9]|command timeout';

/**
 * A job of clush or pdsh: lines `node: message`, mixed; the nodes whose command failed are named at their end, several
 * of them with commas or folded.
 */
export const cronClushFormat: AlertFormat = {
  ...common,
  name: 'cron-clush',
  match: [cronSubject, { in: 'body', pattern: `^(?:clush|pdsh@\\S+): .*(?:${nodeFailed})` }],
  each: `${nodePrefix}(?<device>${nodes})${nodesEnd}`,
  only: nodeFailed,
  extract: [
    ...command,
    ...runner,
    { in: 'body', pattern: `${nodePrefix}${nodes}${nodesEnd}${announcedError}` },
    { in: 'body', pattern: `${nodePrefix}${nodes}${nodesEnd}${announcedText}` },
    ...output,
  ],
};

/** A loop over devices whose command says at each one's end `… to NODE failed …`: what stands above belongs to it. */
export const cronLoopFormat: AlertFormat = {
  ...common,
  name: 'cron-loop',
  literals: [cronLiteral, { in: 'body', text: ' failed' }],
  match: [
    cronSubject,
    { in: 'body', pattern: `^\\S.* (?:to|on) (?:${certainHostName}) failed(?: with \\d+)?$` },
  ],
  each: `^(?:.*\\n)*?\\S.* (?:to|on) (?<device>${certainHostName}) failed(?: with \\d+)?$`,
  only: null,
  extract: [...command, ...runner, ...output],
};

/** Any other job, on the node that ran it; a command that ends with `HOST:path` brings something to that host. */
export const cronFormat: AlertFormat = {
  ...common,
  name: 'cron',
  each: null,
  only: null,
  extract: [
    { in: 'subject', pattern: `[ @](?<device>${certainHostName}):{1,2}[/\\w]\\S*$` },
    { in: 'subject', pattern: `^Cron <\\S+@(?<device>${hostName})>` },
    ...command,
    ...runner,
    ...output,
  ],
  ignore: [{ in: 'body', pattern: successOnly, reason: 'success' }],
};
