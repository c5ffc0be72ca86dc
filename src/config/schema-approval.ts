import { z } from 'zod';
import type { Who } from '../domain/approval.ts';
import { channel, duration, field, text, timeZone, wholeNumber, yesNo } from './fields.ts';
import { dailyHours, toDailyHours } from './schema-hours.ts';

const who = field<Who>(
  { must: "a Slack user's id, a user group's id, channel:NAME or members", example: 'U024BE7LH' },
  (value) => (typeof value === 'string' ? readWho(value) : null),
);

const userId = () => text("a Slack user's id", 'U024BE7LH', /^[UW][A-Z0-9]+$/);

/** `members` are those of the channel where the proposal stands. */
function readWho(value: string): Who | null {
  if (value === 'members') return { kind: 'channel', channel: null };
  if (/^[UW][A-Z0-9]+$/.test(value)) return { kind: 'user', userId: value };
  if (/^S[A-Z0-9]+$/.test(value)) return { kind: 'group', groupId: value };
  const name = /^channel:#?([^\s#]{1,80})$/.exec(value)?.[1];
  return name === undefined ? null : { kind: 'channel', channel: name };
}

const hours = dailyHours.extend({ timeZone: timeZone().optional() });

/** Who may ask for redistributions, and what it takes to approve them; the zone is for hours that name none. */
export const approvalSchema = z
  .strictObject({
    requesters: z.array(who).default([]),
    approvers: z.array(who).default([]),
    requesterMayApprove: yesNo('false').default(false),
    approvals: wholeNumber({ min: 1, max: 20 }, '2').default(1),
    large: z
      .strictObject({
        recipients: wholeNumber({ min: 1 }, '500'),
        approvals: wholeNumber({ min: 2, max: 20 }, '2').default(2),
      })
      .nullable()
      .default(null),
    hours: z.array(hours).default([]),
    terminalUsers: z.record(z.string(), userId()).default({}),
    auditChannel: channel('maint-audit').nullable().default(null),
    expiresAfter: duration('8h', { min: '1m' }).default(28_800_000),
  })
  .prefault({})
  .transform(({ expiresAfter, hours: given, ...rest }) => (inZone: string) => ({
    ...rest,
    hours: given.map(({ timeZone: zone = inZone, ...one }) => toDailyHours(one, zone)),
    expiresAfterMs: expiresAfter,
  }));
