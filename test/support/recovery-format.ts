import { plainFormat } from '../../src/alert/shipped-formats.ts';
import type { AlertFormat } from '../../src/domain/policy.ts';

/** `RECOVERED` in the subject: the device named works again. */
export const recoveryFormat: AlertFormat = {
  ...plainFormat,
  name: 'back',
  literals: [{ in: 'subject', text: 'RECOVERED' }],
  match: [{ in: 'subject', pattern: 'RECOVERED' }],
  extract: [{ in: 'body', pattern: '^Failure: (?<failure>.+)' }, ...plainFormat.extract],
  recovers: [{ in: 'subject', pattern: 'RECOVERED' }],
};
