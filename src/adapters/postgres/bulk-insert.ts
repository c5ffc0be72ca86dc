import { getTableColumns, type InferInsertModel, type SQL, sql } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import { storableText } from '../../domain/storable.ts';

/** JSON escapes of characters that PostgreSQL takes in no text: NUL, and halves of surrogate pairs. */
const impossible = /\\u(?:0000|d[89a-f])/;

/**
 * `insert into … select …` for many rows, as one statement with one parameter, however many they are: what to do about
 * conflicts and what to return follows it. Columns that no row has get their defaults. Characters that can't be stored
 * become `\ufffd`.
 */
export function bulkInsert<Table extends PgTable>(
  table: Table,
  rows: readonly InferInsertModel<Table>[],
): SQL {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) =>
    rows.some((row) => Reflect.get(row, key) !== undefined),
  );
  const values = rows.map((row) =>
    Object.fromEntries(columns.map(([key, { name }]) => [name, toJson(Reflect.get(row, key))])),
  );
  const list = (items: readonly SQL[]) => sql.join([...items], sql`, `);
  const names = columns.map(([, { name }]) => sql.identifier(name));
  const types = columns.map(([, column]) => typeOf(column.getSQLType()));
  const read = columns.map(([, column], index) => {
    const name = sql`${names[index]}`;
    return column.getSQLType() === 'bytea' ? sql`decode(${name}, 'base64')` : name;
  });
  const shape = names.map((name, index) => sql`${name} ${sql.raw(types[index] ?? 'text')}`);
  return sql`insert into ${sql.identifier(getTableConfig(table).name)} (${list(names.map((name) => sql`${name}`))})
    select ${list(read)} from json_to_recordset(${toText(values)}::text::json) as row(${list(shape)})`;
}

/** Bytes come as base64. */
function typeOf(sqlType: string): string {
  return sqlType === 'bytea' ? 'text' : sqlType.replace('bigserial', 'bigint');
}

function toJson(value: unknown): unknown {
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
    : value;
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
