/** What a value must look like, as data; `checkShape` compares values with it. */
export type Shape =
  | TextShape
  | NumberShape
  | ListShape
  | ObjectShape
  | { readonly kind: 'flag' }
  | { readonly kind: 'anything' }
  | { readonly kind: 'one-of'; readonly values: readonly (string | number)[] }
  /** Objects told apart by their `type`. */
  | { readonly kind: 'typed'; readonly types: Types }
  /** A shape that matches is enough. */
  | { readonly kind: 'either'; readonly shapes: readonly Shape[] }
  /** An object with any names, whose values all have one shape. */
  | { readonly kind: 'map'; readonly of: Shape };

export type Types = Readonly<Record<string, ObjectShape>>;
export type Properties = Readonly<Record<string, Shape>>;

export type Format = 'url' | 'https' | 'date' | 'time' | 'time-zone' | 'number' | 'name';

interface TextShape {
  readonly kind: 'text';
  /** In characters; blanks at the ends do not count for `min`. */
  readonly min: number;
  readonly max: number;
  readonly format: Format | null;
}

interface NumberShape {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
  readonly min: number;
  readonly max: number;
  /** All items are lists of one length. */
  readonly even: boolean;
  /** The property whose values differ from item to item. */
  readonly distinct: string | null;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly required: Properties;
  readonly optional: Properties;
  readonly rules: Rules;
}

/** What holds between the properties of one object. */
export interface Rules {
  readonly atLeastOneOf?: readonly string[];
  readonly exactlyOneOf?: readonly string[];
  /** A property that repeats one or several of the options in `options` or `option_groups`. */
  readonly among?: string;
  /** Pairs of numbers (or their decimal texts): the first is not above the second. */
  readonly ordered?: readonly (readonly [low: string, high: string])[];
  /** A property that is set only where another one is `true`. */
  readonly onlyWith?: readonly [property: string, flag: string];
}

const noLimit = Number.POSITIVE_INFINITY;

export const flag: Shape = { kind: 'flag' };

/** What is checked elsewhere. */
export const anything: Shape = { kind: 'anything' };

export function text(max: number, min = 1): Shape {
  return { kind: 'text', min, max, format: null };
}

export function formatted(format: Format, max = 255): Shape {
  return { kind: 'text', min: 1, max, format };
}

export function whole(min: number, max: number): Shape {
  return { kind: 'number', min, max, whole: true };
}

export const anyNumber: Shape = { kind: 'number', min: -noLimit, max: noLimit, whole: false };

export function oneOf(...values: readonly (string | number)[]): Shape {
  return { kind: 'one-of', values };
}

export function either(...shapes: readonly Shape[]): Shape {
  return { kind: 'either', shapes };
}

export function mapOf(of: Shape): Shape {
  return { kind: 'map', of };
}

export function list(
  of: Shape,
  max: number = noLimit,
  { min = 1, even = false, distinct = null }: { min?: number; even?: boolean; distinct?: string | null } = {},
): Shape {
  return { kind: 'list', of, min, max, even, distinct };
}

export function object(required: Properties, optional: Properties = {}, rules: Rules = {}): ObjectShape {
  return { kind: 'object', required, optional, rules };
}

export function typed(types: Types): Shape {
  return { kind: 'typed', types };
}

/** Some of the types of a table. @throws RangeError for a name that the table does not have. */
export function pick(types: Types, names: readonly string[]): Types {
  return Object.fromEntries(
    names.map((name) => {
      const shape = types[name];
      if (!shape) throw new RangeError(`no such type: ${name}`);
      return [name, shape];
    }),
  );
}
