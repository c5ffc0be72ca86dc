import { errorWords } from './patterns.ts';

/** Messages that say only that something failed; what did stands in the error output. */
export const saysNothing =
  '(?:non-zero return code|MODULE FAILURE|The module .* failed to execute correctly|All items completed)';
const lineInJson = String.raw`(?:[^"\\]|\\[^n])`;

/** The text of a JSON member; of several lines the first that says what failed. */
function member(name: string, before: string): readonly string[] {
  const start = `${before}"${name}": ?"`;
  const lines = String.raw`(?:${lineInJson}*\\n)*?`;
  return [
    `${start}${lines}(?<announced>${lineInJson}*(?i:${errorWords})${lineInJson}*)`,
    `${start}(?<announced>${lineInJson}+)`,
  ];
}

/** What failed, by a result in JSON whose members stand after `before`: its message, else its error output. */
export function announcedIn(before: string): readonly string[] {
  const [failing = '', first = ''] = member('stderr', before);
  const [failingOutput = ''] = member('stdout', before);
  const message = `${before}"msg": ?"(?:${saysNothing}|(?<announced>${lineInJson}+))`;
  return [message, failing, first, failingOutput, `${before}"msg": ?"(?<announced>${lineInJson}+)`];
}
