import type { PlannedFault } from '../plan.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Doors } from './doors.ts';
import type { MailSite } from './mail-site.ts';
import type { SupervisedBot } from './supervised-bot.ts';

/** A fault about to happen, with all that it happens to. */
export interface Strike {
  readonly site: MailSite;
  readonly fault: PlannedFault;
  /** The bot that it is about, where it is about one. */
  readonly bot: SupervisedBot;
  readonly doors: Doors;
  readonly random: SeededRandom;
  /** Notes what is wrong already while it lasts. */
  readonly report: (wrong: string) => void;
  /** Notes how the fault came about, where that is worth a word. */
  readonly note: (what: string) => void;
  /** Aborts when the round is given up. */
  readonly signal: AbortSignal;
}

/** Brings a fault about; resolves when it is healed. */
export type Breaker = (strike: Strike) => Promise<void>;
