import { CsvError, parse } from 'csv-parse/sync';

/** One outage as a file wrote it: column → text. */
export interface OutageRow {
  /** Line of a CSV file, or position in a JSON list. */
  readonly place: number;
  readonly cells: ReadonlyMap<string, string>;
}

/** CSV with a header row (RFC 4180). Throws an Error that says what is wrong where. */
export function readCsvRows(text: string): readonly OutageRow[] {
  const rows: { readonly place: number; readonly cells: readonly string[] }[] = [];
  try {
    parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n'],
      onRecord: (cells: string[], { lines }) => {
        rows.push({ place: lines, cells });
        return null;
      },
    });
  } catch (error) {
    throw error instanceof CsvError
      ? new Error(`it is no valid CSV: ${error.message}`, { cause: error })
      : error;
  }
  const [header, ...body] = rows;
  if (!header) throw new Error('it has no header row; even without an outage there must be one');
  const names = header.cells.map((cell) => cell.toLowerCase());
  return body.map(({ place, cells }) => ({
    place,
    cells: new Map(names.map((name, index) => [name, cells[index] ?? ''])),
  }));
}

/** A list of objects, or an object that has one as `outages`. Throws an Error that says what is wrong. */
export function readJsonRows(text: string): readonly OutageRow[] {
  const data: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
  const list = isObject(data) ? data['outages'] : data;
  if (!Array.isArray(list)) throw new Error('it is no JSON list of outages');
  return readObjectRows(list);
}

/** Rows of a database, or items of a JSON list. Throws an Error that says what is wrong. */
export function readObjectRows(items: readonly unknown[]): readonly OutageRow[] {
  return items.map((item, index) => {
    if (!isObject(item)) throw new Error(`outage ${index + 1} is no object`);
    const cells = Object.entries(item).map(([key, value]) => [key.toLowerCase(), toCell(value)] as const);
    return { place: index + 1, cells: new Map(cells) };
  });
}

function toCell(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
