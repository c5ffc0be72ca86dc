import type { CompiledFailure } from '../../alert/failures.ts';
import { readJson } from '../../alert/json/read-json.ts';
import type { TimeRules } from '../../alert/read-format.ts';
import type { Reading } from '../../domain/alert.ts';
import type { Inventory } from '../../domain/device.ts';
import { type HttpSource, sourceOfVia } from '../../domain/http-source.ts';
import type { Mail, RawMail } from '../../domain/mail.ts';
import type { ValidationPolicy } from '../../domain/policy.ts';

export interface JsonReadingPolicy {
  /** By name. */
  readonly sources: ReadonlyMap<string, HttpSource>;
  readonly failures: readonly CompiledFailure[];
}

/** Reads what came in over HTTP. @throws Error saying why it can't be read: a dead letter. */
export function readJsonAlert(
  raw: RawMail,
  key: string,
  { sources, failures }: JsonReadingPolicy,
  policy: ValidationPolicy | null,
  inventory: Inventory,
  times: TimeRules,
): { readonly mail: Mail; readonly reading: Reading } {
  const source = sources.get(sourceOfVia(raw.via));
  if (!source) throw new Error(`intake.http has no source ${sourceOfVia(raw.via)} any more`);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(raw.source);
  return readJson(source, text, {
    receivedAt: raw.receivedAt,
    inventory,
    failures,
    policy,
    key,
    ...times,
  });
}
