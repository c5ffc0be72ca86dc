import type { SupersededFailure } from '../domain/redistribution.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { countOf } from './wording.ts';

const shown = 5;

/** Failures that are not run again, as mrkdwn: what, for whom, and why (B6). */
export function supersededText(superseded: readonly SupersededFailure[]): string {
  const lines = superseded.slice(0, shown).map(({ failure, reason }) => {
    const what = codeSpan(clampText(failure.package || failure.job, 80));
    return `${what} for ${codeSpan(clampText(failure.recipient, 80))}: ${escapeText(clampText(reason, 250))}`;
  });
  const more = superseded.length - lines.length;
  return [
    `:fast_forward: *Superseded*: ${countOf(superseded.length, 'failure')} not to be run again`,
    ...lines,
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join('\n');
}
