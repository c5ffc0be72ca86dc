import { RestageError } from '../../domain/errors.ts';
import { countingWork } from '../../domain/heartbeat.ts';
import { fails, type HealthCheck, passes } from '../../domain/health.ts';
import type { IntakeHealth } from '../../domain/intake.ts';
import { checkChat } from '../../heartbeat/judge-chat.ts';
import { stuckForMs, uncommittedForMs } from '../../heartbeat/judge-progress.ts';
import type { Deps } from '../deps.ts';

type HealthDeps = Pick<Deps, 'store' | 'progress' | 'intakeHealth' | 'policies' | 'chat'>;

/** How long the database may take to answer. The embedded one first finishes the batch that it is working on. */
const answerWithinMs = 5_000;

/** Checks whether the bot does its work now, each part for itself. Never rejects. */
export async function checkReadiness(deps: HealthDeps, isStarted: boolean): Promise<readonly HealthCheck[]> {
  return [
    isStarted ? passes('start') : fails('start', 'starting'),
    await checkDatabase(deps),
    ...deps.intakeHealth().map((health) => checkIntake(deps, health)),
    checkCounting(deps),
    ...checkChat(deps.chat.health()),
  ];
}

async function checkDatabase({ store }: HealthDeps): Promise<HealthCheck> {
  const check = 'database';
  let giveUp: NodeJS.Timeout | null = null;
  const silent = new Promise<HealthCheck>((resolve) => {
    const detail = `no answer within ${answerWithinMs / 1000} s`;
    giveUp = setTimeout(() => resolve(fails(check, 'database-silent', detail)), answerWithinMs);
  });
  const answer = store
    .transaction((tx) => tx.cursorOf(''))
    .then(() => passes(check))
    .catch((error: unknown) => fails(check, 'database-unavailable', describe(error)));
  try {
    return await Promise.race([answer, silent]);
  } finally {
    if (giveUp) clearTimeout(giveUp);
  }
}

/** What other errors say may hold what must not be shown. */
function describe(error: unknown): string | null {
  return error instanceof RestageError ? error.message : null;
}

function checkIntake({ progress, policies }: HealthDeps, health: IntakeHealth): HealthCheck {
  const check = `intake ${health.intake}`;
  if (!health.connected)
    return fails(check, health.kind === 'listener' ? 'listener-failed' : 'disconnected', health.detail);
  const stuckMs = stuckForMs(progress.standingOf(health.intake), policies.health);
  return stuckMs === null ? passes(check) : fails(check, 'stuck', spell('under way for', stuckMs));
}

function checkCounting({ progress, policies }: HealthDeps): HealthCheck {
  const stuckMs = uncommittedForMs(progress.standingOf(countingWork), policies.health);
  return stuckMs === null
    ? passes(countingWork)
    : fails(countingWork, 'not-counting', spell('work waits, nothing committed for', stuckMs));
}

function spell(what: string, ms: number): string {
  return `${what} ${Math.round(ms / 1000)} s`;
}
