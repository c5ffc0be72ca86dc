import { getTableColumns, type InferInsertModel, type SQL, sql } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import { storableText } from '../../domain/storable.ts';

/** JSON escapes of characters that PostgreSQL takes in no text: NUL, and halves of surrogate pairs. */
const impossible = /\\u(?:0000|d[89a-f])/;

/**
 * `insert into … select …` for many rows, as one statement whose parameters are as many however many they are: what to do
 * about conflicts and what to return follows it. Columns that no row has get their defaults. Characters that can't be
 * stored become `\ufffd`.
 */
export function bulkInsert<Table extends PgTable>(
  table: Table,
  rows: readonly InferInsertModel<Table>[],
): SQL {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) =>
    rows.some((row) => Reflect.get(row, key) !== undefined),
  );
  const bytes: Uint8Array[] = [];
  const place = createPlaces(bytes);
  const values = rows.map((row) =>
    Object.fromEntries(columns.map(([key, { name }]) => [name, place(Reflect.get(row, key))])),
  );
  const list = (items: readonly SQL[]) => sql.join([...items], sql`, `);
  const names = columns.map(([, { name }]) => sql`${sql.identifier(name)}`);
  const types = columns.map(([, column]) => typeOf(column.getSQLType()));
  const read = columns.map(([, column], index) =>
    column.getSQLType() === 'bytea' ? bytesAt(names[index] ?? sql``) : (names[index] ?? sql``),
  );
  const shape = names.map((name, index) => sql`${name} ${sql.raw(types[index] ?? 'text')}`);
  const source = sql`json_to_recordset(${toText(values)}::text::json) as row(${list(shape)})`;
  const insert = sql`insert into ${sql.identifier(getTableConfig(table).name)} (${list(names)})`;
  if (bytes.length === 0) return sql`${insert} select ${list(read)} from ${source}`;
  const all = Buffer.concat(bytes).toString('base64');
  return sql`with bytes as materialized (select decode(${all}::text, 'base64') as every)
    ${insert} select ${list(read)} from ${source}, bytes`;
}

/** In the rows stands only where the bytes are among those of all rows: JSON would make them longer, and is read slowly. */
type Place = readonly [start: number, length: number];

function createPlaces(bytes: Uint8Array[]): (value: unknown) => unknown {
  let start = 1;
  return (value) => {
    if (!(value instanceof Uint8Array)) return value;
    const place: Place = [start, value.byteLength];
    bytes.push(value);
    start += value.byteLength;
    return place;
  };
}

function bytesAt(place: SQL): SQL {
  return sql`substring(every from (${place}->>0)::int for (${place}->>1)::int)`;
}

function typeOf(sqlType: string): string {
  return sqlType === 'bytea' ? 'json' : sqlType.replace('bigserial', 'bigint');
}

function toText(values: readonly object[]): string {
  const text = JSON.stringify(values);
  if (!impossible.test(text)) return text;
  return JSON.stringify(values, (_key, value: unknown) =>
    typeof value === 'string' ? storableText(value) : value,
  );
}

/** The rows of a plain statement: each driver answers in its own form. */
export function rowsOf<Row>(result: unknown): readonly Row[] {
  const rows: unknown = Array.isArray(result) ? result : Reflect.get(Object(result), 'rows');
  return rows as readonly Row[];
}
