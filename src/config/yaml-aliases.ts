import { type Document, visit } from 'yaml';

/** More values than any config has; aliases of aliases reach it within a kilobyte. */
const mostValues = 200_000;

export type Expansion =
  | { readonly expanded: true; readonly value: unknown }
  /** `offset` is that of the alias at fault, or of the first one. */
  | { readonly expanded: false; readonly message: string; readonly offset: number };

/** Returns a document as data, with its aliases replaced; refuses an unknown alias, a cycle and too many values. */
export function expandAliases(document: Document.Parsed): Expansion {
  const unknown = findAlias(document, (source) => source === undefined);
  if (unknown !== null) return refuse('names an anchor that does not stand before it', unknown);
  const first = findAlias(document, () => true) ?? 0;
  try {
    const value: unknown = document.toJS({ maxAliasCount: -1 });
    const count = countValues(value, new Map());
    if (Number.isNaN(count)) return refuse('is an alias within what it stands for', first);
    if (count > mostValues) return refuse(`aliases stand for more than ${mostValues} values`, first);
    return { expanded: true, value };
  } catch (error) {
    const words = error instanceof RangeError ? 'it is nested too deeply' : String(error);
    return refuse(`is no valid YAML: ${words}`, first);
  }
}

function findAlias(document: Document.Parsed, isWanted: (source: unknown) => boolean): number | null {
  let offset: number | null = null;
  visit(document, {
    Alias(_key, alias) {
      if (!isWanted(alias.resolve(document))) return undefined;
      offset = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

/** NaN for a value that holds itself. What several aliases share is counted once, and added for each. */
function countValues(value: unknown, counted: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 1;
  const before = counted.get(value);
  if (before !== undefined) return before;
  counted.set(value, Number.NaN);
  const count = Object.values(value).reduce<number>((sum, one) => sum + countValues(one, counted), 1);
  counted.set(value, count);
  return count;
}

function refuse(message: string, offset: number): Expansion {
  return { expanded: false, message, offset };
}
