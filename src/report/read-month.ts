import type { Period } from '../domain/redistribution.ts';
import { atWall, formatWall, readWall } from '../domain/zoned-time.ts';

/** `last month`: the calendar month before the one that it is in that zone. null: the text is another period. */
export function readMonth(
  text: string,
  now: Date,
  timeZone: string,
): (Period & { readonly text: string }) | null {
  if (text.trim().toLowerCase().replaceAll(/\s+/g, ' ') !== 'last month') return null;
  const first = { ...readWall(now, timeZone), day: 1, hour: 0, minute: 0 };
  const from = atWall({ ...first, month: first.month - 1 }, timeZone);
  const until = atWall(first, timeZone);
  const show = (at: Date) => formatWall(readWall(at, timeZone));
  return { from, until, text: `${show(from)} to ${show(until)} (${timeZone})` };
}
