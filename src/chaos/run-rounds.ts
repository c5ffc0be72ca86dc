import { openPostgres } from '../adapters/postgres/database.ts';
import type { PostgresServer } from '../bench/servers/postgres.ts';
import { createLimit } from '../domain/limit.ts';
import { startDatabaseServer } from './mail/database-server.ts';
import { playMail } from './mail/play-mail.ts';
import type { RoundPlan } from './plan.ts';
import { type Findings, reportRound, type RoundReport } from './report.ts';
import { playRuns } from './runs/play-runs.ts';

interface Playing {
  readonly atOnce: number;
  /** Called for each round as it ends. */
  readonly onReport: (report: RoundReport) => void;
  /** Once it is aborted no round begins, and those that are played are cleaned up. */
  readonly signal: AbortSignal;
}

/** Plays rounds, at most `atOnce` at the same time. */
export async function runRounds(
  plans: readonly RoundPlan[],
  { atOnce, onReport, signal }: Playing,
): Promise<readonly RoundReport[]> {
  const shared = await startSharedServer();
  const limit = createLimit(atOnce);
  try {
    const played = plans.map((plan) =>
      limit(async () => {
        if (signal.aborted) return null;
        const report = reportRound(plan, await play(plan, shared, signal));
        onReport(report);
        return report;
      }),
    );
    return (await Promise.all(played)).filter((report) => report !== null);
  } finally {
    await shared.stop();
  }
}

/** Rounds get copies of a database that is migrated already: a bot's first start takes half as long. */
async function startSharedServer(): Promise<PostgresServer> {
  const server = await startDatabaseServer(false);
  const template = await server.createDatabase();
  await (await openPostgres(template)).close();
  return {
    ...server,
    get pid() {
      return server.pid;
    },
    createDatabase: () => server.createDatabase(template),
  };
}

async function play(plan: RoundPlan, shared: PostgresServer, signal: AbortSignal): Promise<Findings> {
  try {
    return await (plan.world === 'mail' ? playMail(plan, shared, signal) : playRuns(plan, shared, signal));
  } catch (error) {
    return { figures: {}, notes: [], wrongs: [`the round could not be played: ${String(error)}`] };
  }
}
