import { z } from 'zod';
import type { RunningPolicy } from '../domain/server.ts';
import { duration, oneOf, text, wholeNumber, yesNo } from './fields.ts';

const variableName = text('a name of an environment variable', 'RSYNC_RSH', /^[A-Za-z_][A-Za-z0-9_]*$/);

const sudoUser = text("a user's name on the server, or none", 'root', /^[^\s@:-][^\s@:]*$/).transform(
  (name) => (name === 'none' ? null : name),
);

const runFolder = text(
  'an absolute path on the server, or home',
  '/var/lib/restage/runs',
  /^(?:home|\/(?!.*(?:^|\/)\.\.?(?:\/|$))\S*[^\s/]\S*)$/,
).transform((path) => (path === 'home' ? null : path.replace(/\/+$/, '')));

/** How commands run; a timer can't wait longer than 24.8 days. */
export const runningFields = {
  commandTimeout: duration('1h', { min: '1s', max: '24d' }).default(3_600_000),
  stopGrace: duration('10s', { min: '1s', max: '10m' }).default(10_000),
  atOnce: wholeNumber({ min: 1, max: 100 }, '1').default(1),
  onFailure: oneOf(['stop', 'continue'], 'continue').default('continue'),
  environment: z.record(variableName, z.string()).default({}),
  sudo: sudoUser.default(null),
  giveUpAfter: duration('12h', { min: '1m', max: '90d' }).default(43_200_000),
  verify: yesNo('true').default(false),
  keepRuns: duration('7d', { min: '1d', max: '3650d' }).default(604_800_000),
  canary: z
    .strictObject({
      recipients: wholeNumber({ min: 1, max: 100_000 }, '5'),
      afterwards: oneOf(['continue', 'ask'], 'ask').default('continue'),
    })
    .nullable()
    .default(null),
  runFolder: runFolder.default(null),
};

type RunningFields = z.output<z.ZodObject<typeof runningFields>>;

/** A server's settings of how commands run, and the others. */
export function splitRunning<Server extends RunningFields>(server: Server) {
  const {
    atOnce,
    onFailure,
    environment,
    sudo,
    verify,
    commandTimeout,
    stopGrace,
    giveUpAfter,
    keepRuns,
    canary,
    runFolder: folder,
    ...rest
  } = server;
  const running: RunningPolicy = {
    timeoutMs: commandTimeout,
    stopGraceMs: stopGrace,
    atOnce,
    onFailure,
    environment,
    sudo,
    giveUpAfterMs: giveUpAfter,
    verify,
    keepRunsMs: keepRuns,
    canary,
    runFolder: folder,
  };
  return { rest, running };
}
