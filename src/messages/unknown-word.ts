import { suggestWord } from '../domain/suggest.ts';
import { clampText } from './clamp-text.ts';

/** `"outge" is no command. Did you mean "outage"?`; says nothing of what was meant if no known word comes near. */
export function describeUnknownWord(typed: string, what: string, known: Iterable<string>): string {
  const near = suggestWord(typed, known);
  const problem = `"${clampText(typed, 60)}" is no ${what}.`;
  return near === null ? problem : `${problem} Did you mean \`${near}\`?`;
}
