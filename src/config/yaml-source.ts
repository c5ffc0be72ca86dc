import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { ConfigFault } from './faults.ts';
import { expandAliases } from './yaml-aliases.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A YAML text as data, with the way back from each key to its place in the text. */
export interface YamlSource {
  /** Keys without a value are left out: a section whose lines are all commented out counts as absent. */
  readonly value: unknown;
  readonly faults: readonly ConfigFault[];
  /** The text can't be relied on beyond its faults, so that its content is not worth checking. */
  readonly broken: boolean;
  /** Where the key at this path stands, or the nearest section around it when it is missing. */
  locate(path: readonly PropertyKey[]): Place;
}

/** Reads YAML 1.2; never throws, what is wrong with the text is in `faults`. */
export function readYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  // The library warns of keys that are lists or sections on its own; the schema refuses them.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error' } as const;
  const document = parseDocument(text, options);
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faults = document.errors
    .slice(0, faultsShown)
    .map(({ code, message, pos: [offset] }): ConfigFault => {
      const place = { file, ...placeOf(offset) };
      if (code !== 'DUPLICATE_KEY')
        return { ...place, key: '', message: `is no valid YAML: ${describe(message)}`, hint: null };
      const key = /^[^\s:]*/.exec(text.slice(offset))?.[0] ?? '';
      return {
        ...place,
        key,
        message: 'stands twice in the same section',
        hint: 'Remove or rename one of them.',
      };
    });
  const isUnreadable = document.errors.some(({ code }) => code !== 'DUPLICATE_KEY');
  const expansion = isUnreadable ? null : expandAliases(document);
  if (expansion?.expanded === false) {
    const hint = 'Write the values out, or use fewer aliases.';
    faults.push({ file, ...placeOf(expansion.offset), key: '', message: expansion.message, hint });
  }
  const value = expansion?.expanded === true ? expansion.value : null;
  return {
    value: withoutNulls(value ?? {}),
    faults,
    broken: expansion?.expanded !== true,
    locate: (path) => placeOf(offsetOf(document, path)),
  };
}

/** A text that is no YAML at all has one for every line. */
const faultsShown = 20;

/** The parser descends by calls. */
function describe(message: string): string {
  return message.startsWith('Maximum call stack') ? 'it is nested too deeply' : message;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === null ? [] : [[key, withoutNulls(member)]])),
  );
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const part of path) {
    const container = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(container)
      ? container.items.find(({ key }) => spellKeyNode(key) === String(part))
      : null;
    const item = isSeq(container) ? container.items[Number(part)] : null;
    const next = pair?.key ?? item;
    if (next === null || next === undefined) break;
    offset = isNode(next) ? (next.range?.[0] ?? offset) : offset;
    node = pair?.value ?? item;
  }
  return offset;
}

function spellKeyNode(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}
