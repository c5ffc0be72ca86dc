import type { RecipientResult } from '../domain/redistribution.ts';

/** What a trial after a command said: all is in place, something is left to do, or nobody can tell. */
export type Verification =
  | { readonly verdict: 'in-place' }
  | { readonly verdict: 'differs' | 'unclear'; readonly detail: string };

/** The results as the verification leaves them (B13): only what is in place has succeeded. */
export function applyVerification(
  results: readonly RecipientResult[],
  verification: Verification | null,
): readonly RecipientResult[] {
  if (verification === null || verification.verdict === 'in-place') return results;
  const { verdict, detail } = verification;
  const [result, what] =
    verdict === 'differs'
      ? (['failed', 'not everything is in place after it'] as const)
      : (['unknown', 'it could not be verified'] as const);
  return results.map((one) =>
    one.result === 'succeeded' ? { name: one.name, result, cause: `${what}: ${detail}` } : one,
  );
}
