import { CsvError, parse } from 'csv-parse/sync';
import type { DeviceRecord, InventoryFault, RecordsResult } from './read-devices.ts';
import { columns } from './read-devices.ts';

interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads records from CSV (RFC 4180). The header row says which column is where; only `name` must be there. The
 * place of a record is its line. Never throws.
 */
export function readCsv(csv: string): RecordsResult {
  const { rows, faults } = readRows(csv);
  const [header, ...body] = rows;
  if (header === undefined) return { records: [], faults: faults.length > 0 ? faults : [noHeader(1)] };
  const names = header.cells.map((cell) => cell.toLowerCase());
  if (!names.includes('name')) return { records: [], faults: [...faults, noHeader(header.line)] };
  const ragged = body
    .filter(({ cells }) => cells.length !== names.length)
    .map(({ line, cells }) => ({
      place: line,
      message: `has ${cells.length} fields, the header has ${names.length}`,
    }));
  const records = body
    .filter(({ cells }) => cells.length === names.length)
    .map(
      ({ line, cells }): DeviceRecord => ({
        place: line,
        cells: new Map(names.map((name, index) => [name, cells[index] ?? ''])),
      }),
    );
  return { records, faults: [...faults, ...ragged] };
}

function readRows(csv: string): {
  readonly rows: readonly CsvRow[];
  readonly faults: readonly InventoryFault[];
} {
  const rows: CsvRow[] = [];
  try {
    parse(csv, {
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n'],
      onRecord: (cells: string[], { lines }) => {
        rows.push({ line: lines, cells });
        return null;
      },
    });
    return { rows, faults: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const place = Number(error['lines'] ?? 1);
    return { rows, faults: [{ place, message: `is no valid CSV: ${error.message}` }] };
  }
}

function noHeader(place: number): InventoryFault {
  return { place, message: `has no header row with a column "name" (columns: ${columns.join(', ')})` };
}
