import type { Person } from './chat.ts';

/** What a freeze is for; names are in lower case. */
export type FreezeScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'region' | 'server'; readonly name: string };

/** While it is in force, nothing is approved or started there. */
export interface Freeze {
  readonly id: string;
  readonly scope: FreezeScope;
  readonly reason: string;
  readonly by: Person;
  readonly at: Date;
  /** `null`: until somebody lifts it. */
  readonly until: Date | null;
}
