import type { Door } from '../../domain/intake.ts';
import type { Progress } from './progress.ts';

/**
 * Returns the door, with what each intake brings noted in `progress` under the intake's name, as `IntakeHealth` spells it. A
 * mailbox offers a batch again until it is committed.
 */
export function watchDoor(door: Door, intake: string, progress: Progress): Door {
  const isRetried = intake.startsWith('imap:');
  return {
    ...door,
    admit: (...batch) => progress.track(intake, () => door.admit(...batch), isRetried),
  };
}
