import { clampText } from './clamp-text.ts';
import { escapeText } from './escape.ts';

const shown = 3;

/**
 * Why recipients failed, as mrkdwn: each cause once, the commonest first, with how many it met where there are
 * several. `causes` stand in the order of `recipients`; logs like to begin a cause with its recipient's name,
 * which would make each one look different, so that is left away.
 */
export function describeCauses(recipients: readonly string[], causes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const [index, cause] of causes.entries()) {
    const bare = withoutName(cause, recipients[index]);
    counts.set(bare, (counts.get(bare) ?? 0) + 1);
  }
  if (counts.size === 0) return '–';
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  const told = sorted.slice(0, shown).map(([cause, count]) => {
    const text = escapeText(clampText(cause, 100));
    return counts.size === 1 ? text : `${text} (${count})`;
  });
  const more = counts.size > shown ? ` and ${counts.size - shown} more causes` : '';
  return told.join('; ') + more;
}

function withoutName(cause: string, name: string | undefined): string {
  const prefix = `${name}: `;
  return name !== undefined && cause.startsWith(prefix) ? cause.slice(prefix.length) : cause;
}
