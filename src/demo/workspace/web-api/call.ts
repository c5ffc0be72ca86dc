import { isRecord } from '../record.ts';

/** Slack's `{ ok: false, error }`: the code, where it is about blocks, which ones, and what else stands beside it. */
export class ApiError extends Error {
  readonly code: string;
  readonly messages: readonly string[];
  readonly details: Readonly<Record<string, string>>;

  constructor(
    code: string,
    messages: readonly string[] = [],
    details: Readonly<Record<string, string>> = {},
  ) {
    super(code);
    this.code = code;
    this.messages = messages;
    this.details = details;
  }
}

/** A Web API method: takes the arguments, returns what stands next to `ok: true`, throws an `ApiError`. */
export type Method = (args: Arguments) => object;
export type Methods = Readonly<Record<string, Method>>;

/** The arguments of a call, whether they came as a form (objects as JSON inside) or as JSON. */
export class Arguments {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  get values(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  /** Empty when left out. */
  text(name: string): string {
    const value = this.#values[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }

  flag(name: string): boolean {
    return ['true', '1', true].some((yes) => yes === this.#values[name]);
  }

  integer(name: string, fallback: number): number {
    const value = Number.parseInt(this.text(name), 10);
    return Number.isNaN(value) ? fallback : value;
  }

  /** Undefined when left out; `error` when it is not JSON. */
  json(name: string, error: string): unknown {
    const value = this.#values[name];
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      throw new ApiError(error);
    }
  }

  record(name: string, error: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.json(name, error);
    if (value === undefined || isRecord(value)) return value;
    throw new ApiError(error);
  }
}

/** One page of a list, by an opaque cursor, as Slack pages. */
export function paginate<T>(
  items: readonly T[],
  args: Arguments,
  defaultLimit: number,
): { readonly page: readonly T[]; readonly nextCursor: string } {
  const limit = args.integer('limit', defaultLimit);
  if (limit < 1 || limit > 1000) throw new ApiError('invalid_limit');
  const start = decodeCursor(args.text('cursor'));
  const end = start + limit;
  const nextCursor = end < items.length ? Buffer.from(`next:${end}`).toString('base64') : '';
  return { page: items.slice(start, end), nextCursor };
}

function decodeCursor(cursor: string): number {
  if (cursor === '') return 0;
  const match = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
  if (!match) throw new ApiError('invalid_cursor');
  return Number(match[1]);
}
