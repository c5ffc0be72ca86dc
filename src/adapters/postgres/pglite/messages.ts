import type { Results } from '@electric-sql/pglite';

/** What the thread of the embedded database is asked to do; everything in it can be cloned. */
export type Command =
  | { readonly kind: 'open'; readonly folder: string }
  | {
      readonly kind: 'query';
      readonly text: string;
      readonly values: unknown[];
      readonly rowMode: 'array' | 'object';
    }
  | { readonly kind: 'exec'; readonly text: string }
  | { readonly kind: 'close' };

export type Request = { readonly id: number; readonly command: Command };

export type Answer =
  | { readonly id: number; readonly results: readonly Results[] }
  | { readonly id: number; readonly fault: Fault };

/** An error with its own fields, such as PostgreSQL's code: a clone of an Error would come without them. */
export type Fault = { readonly message: string } & Readonly<Record<string, unknown>>;
