import { isAscii } from 'node:buffer';
import {
  type AnyColumn,
  getTableColumns,
  getTableName,
  type InferInsertModel,
  is,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { PgliteDatabase, PgliteTransaction } from 'drizzle-orm/pglite';
import { storableText } from '../../domain/storable.ts';
import type { Db } from './database.ts';

/** JSON escapes of characters that PostgreSQL takes in no text: NUL, and halves of surrogate pairs. */
const impossible = /\\u(?:0000|d[89a-f])/;

export interface BulkOptions {
  /**
   * A column with a unique index: the rows are inserted in its order, so that two transactions with the same rows wait for
   * each other, and never both. Their ids (a `bigserial` column `id`) ascend in the order of `rows` all the same.
   */
  readonly inOrderOf?: AnyColumn;
  /** Texts of each row that are not inserted, by their name: what follows the statement finds them as `row.NAME`. */
  readonly beside?: Readonly<Record<string, readonly (string | null)[]>>;
}

/**
 * `insert into … select …` for many rows, as one statement whose parameters are as many however many they are: what to do
 * about conflicts and what to return follows it. Columns that no row has get their defaults. Characters that can't be
 * stored become `\ufffd`.
 *
 * Each column comes as one JSON array: an object a row would repeat the names of the columns, and takes the server twice
 * as long. A column of JSON can so hold anything but a bare string.
 */
export function bulkInsert<Table extends PgTable>(
  db: Db,
  table: Table,
  rows: readonly InferInsertModel<Table>[],
  { inOrderOf, beside = {} }: BulkOptions = {},
): SQL {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) =>
    rows.some((row) => valueOf(row, key) !== undefined),
  );
  const bytes: Uint8Array[] = [];
  const place = createPlaces(bytes);
  const names = columns.map(([, { name }]) => sql`${sql.identifier(name)}`);
  const values = columns.map(([key]) => rows.map((row) => place(valueOf(row, key)) ?? null));
  const read = columns.map(([, column], index) => readAs(column.getSQLType(), names[index] ?? sql``));
  const besideNames = Object.keys(beside).map((name) => sql`${sql.identifier(name)}`);
  const source = rowsFrom([...names, ...besideNames], [...values, ...Object.values(beside)]);
  const insert =
    inOrderOf === undefined
      ? sql`insert into ${table} (${list(names)}) select ${list(read)} from ${source}`
      : sql`insert into ${table} (id, ${list(names)}) select id, ${list(read)} from ${inOrder(table, source, inOrderOf)}`;
  if (bytes.length === 0) return insert;
  return sql`with bytes as materialized (select ${toBytes(db, Buffer.concat(bytes))} as every) ${insert}, bytes`;
}

/** Subqueries of their own: ids are drawn before the rows are sorted, and nothing is decoded before that. */
function inOrder(table: PgTable, rows: SQL, column: AnyColumn): SQL {
  const sequence = sql`pg_get_serial_sequence(${getTableName(table)}, 'id')::regclass`;
  return sql`(
    select * from (select row.*, nextval(${sequence}) as id from ${rows}) as numbered
    order by ${sql.identifier(column.name)} collate "C"
  ) as row`;
}

/** `update` of many rows, found by their `id`, as one statement. All have the same columns, none of bytes. */
export function bulkUpdate<Table extends PgTable>(
  table: Table,
  rows: readonly (Partial<InferInsertModel<Table>> & { readonly id: number })[],
): SQL {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => Object.hasOwn(rows[0] ?? {}, key));
  const names = columns.map(([, { name }]) => sql`${sql.identifier(name)}`);
  const values = columns.map(([key]) => rows.map((row) => valueOf(row, key) ?? null));
  const set = columns.flatMap(([key, column], index) => {
    const name = names[index] ?? sql``;
    return key === 'id' ? [] : [sql`${name} = ${readAs(column.getSQLType(), sql`row.${name}`)}`];
  });
  return sql`update ${table} as old set ${list(set)}
    from ${rowsFrom(names, values)} where old.id = row.id::bigint`;
}

/** `Reflect.get` would take several times as long. */
function valueOf(row: object, key: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[key];
}

const list = (items: readonly SQL[]): SQL => sql.join([...items], sql`, `);

function rowsFrom(names: readonly SQL[], values: readonly (readonly unknown[])[]): SQL {
  const arrays = values.map((column) => sql`json_array_elements_text(${toStorableJson(column)}::text::json)`);
  return sql`rows from (${list(arrays)}) as row(${list(names)})`;
}

/**
 * PGlite's thread takes bytes as they are, and hangs when it is to convert a text. postgres.js would spell them in
 * hexadecimal. ASCII is the same in every database's encoding, short, and read fast; but no text holds a NUL.
 */
function toBytes(db: Db, bytes: Buffer): SQL {
  if (is(db, PgliteDatabase) || is(db, PgliteTransaction)) return sql`${bytes}::bytea`;
  if (!isAscii(bytes) || bytes.includes(0)) return sql`decode(${bytes.toString('base64')}::text, 'base64')`;
  return sql`convert_to(${bytes.toString('latin1')}::text, getdatabaseencoding())`;
}

/** In a column of bytes stands only where they are among those of all rows: as JSON they would be longer, and read slowly. */
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

function readAs(sqlType: string, name: SQL): SQL {
  if (sqlType !== 'bytea') return sql`${name}::${sql.raw(sqlType.replace('bigserial', 'bigint'))}`;
  const part = (index: number) => sql`(${name}::json->>${sql.raw(String(index))})::int`;
  return sql`substring(every from ${part(0)} for ${part(1)})`;
}

/** Characters that can't be stored become `\ufffd`. */
export function toStorableJson(whole: object): string {
  const text = JSON.stringify(whole);
  if (!impossible.test(text)) return text;
  return JSON.stringify(whole, (_key, value: unknown) =>
    typeof value === 'string' ? storableText(value) : value,
  );
}

/** The rows of a plain statement: each driver answers in its own form. */
export function rowsOf<Row>(result: unknown): readonly Row[] {
  const rows: unknown = Array.isArray(result) ? result : Reflect.get(Object(result), 'rows');
  return rows as readonly Row[];
}
