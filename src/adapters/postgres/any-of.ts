import { type AnyColumn, type SQL, sql } from 'drizzle-orm';

/** The column's value is one of these: with one parameter, however many they are, where a list of thousands costs more than the search. */
export function isAnyOf(column: AnyColumn, values: readonly string[]): SQL {
  return sql`${column} = any(array(select jsonb_array_elements_text(${JSON.stringify(values)}::text::jsonb)))`;
}
