import { and, eq, gte, isNotNull, isNull, or } from 'drizzle-orm';
import type { AttemptTx } from '../../domain/store/attempts.ts';
import { isAnyOf } from './any-of.ts';
import type { Db } from './database.ts';
import { commands, ledger } from './schema/redistributions.ts';

export function attemptQueries(db: Db): AttemptTx {
  return {
    async ownAttempts(servers, jobs, recipients, since) {
      const { server, job, recipient, package: packageName, attempt, commandId } = ledger;
      const { startedAt, endedAt } = commands;
      const rows = await db
        .select({ server, job, recipient, package: packageName, attempt, startedAt, endedAt })
        .from(commands)
        .innerJoin(ledger, eq(commandId, commands.id))
        .where(
          and(
            isNotNull(startedAt),
            or(isNull(endedAt), gte(endedAt, since)),
            // These three begin the ledger's key.
            isAnyOf(server, servers),
            isAnyOf(job, jobs),
            isAnyOf(recipient, recipients),
          ),
        );
      return rows.flatMap(({ startedAt: begun, ...row }) => (begun ? [{ ...row, startedAt: begun }] : []));
    },
  };
}
