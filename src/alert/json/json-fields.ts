import type { HttpSource, LabelMapping } from '../../domain/http-source.ts';
import { labelFields } from '../../domain/http-source.ts';
import { cleanText } from '../clean-text.ts';
import type { Fields } from '../read-fields.ts';
import { type JsonObject, isObject, textOf } from './json-object.ts';
import { fingerprintOf } from './split-json.ts';

/** What one JSON alert says, its values cleaned. */
export interface JsonAlert {
  readonly fields: Fields;
  /** It says that something works again. */
  readonly isRecovery: boolean;
}

const announcedLength = 500;
const recoveryWords = new Set(['resolved', 'recovered', 'ok', 'up', 'success']);

export function readJsonAlert(source: HttpSource, value: JsonObject): JsonAlert {
  return source.format === 'alertmanager' ? readFiring(value, source.labels) : readPlain(value);
}

/** Members bear the names of an alert's fields; a few have a second, shorter one. */
function readPlain(value: JsonObject): JsonAlert {
  const shorter = { announced: 'message', distributionServer: 'server' } as const;
  const fields: Fields = {};
  for (const name of labelFields) {
    const short = name === 'announced' || name === 'distributionServer' ? shorter[name] : name;
    put(fields, name, textOf(value, name) ?? textOf(value, short));
  }
  put(fields, 'alertId', textOf(value, 'alertId') ?? textOf(value, 'id'));
  put(fields, 'at', textOf(value, 'at'));
  return { fields, isRecovery: recoveryWords.has((textOf(value, 'status') ?? '').toLowerCase()) };
}

/** One alert of Alertmanager's webhook payload, version 4. */
function readFiring(value: JsonObject, mapping: LabelMapping): JsonAlert {
  const isRecovery = textOf(value, 'status') === 'resolved';
  const fields: Fields = {};
  for (const name of labelFields) {
    const found = mapping[name].map((label) => labelOf(value, label)).filter((text) => text !== undefined);
    put(fields, name, name === 'announced' ? found.join(': ') : found[0]);
  }
  if (fields.device !== undefined) fields.device = hostOf(fields.device);
  put(fields, 'alertId', textOf(value, 'fingerprint'));
  fields.series = fingerprintOf(value);
  put(fields, 'at', textOf(value, isRecovery ? 'endsAt' : 'startsAt'));
  return { fields, isRecovery };
}

function labelOf(alert: JsonObject, label: string): string | undefined {
  const annotation = /^annotation:(.+)$/.exec(label)?.[1];
  const place = alert[annotation === undefined ? 'labels' : 'annotations'];
  return isObject(place) ? textOf(place, annotation ?? label) : undefined;
}

/** `int-38:9100`, `[2001:db8::1]:9100` and `https://int-38/health` name a host. */
function hostOf(instance: string): string {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(instance)?.[1] ?? instance;
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(authority)?.[1];
  return bracketed ?? authority.replace(/^([^:]+):\d+$/, '$1');
}

function put(fields: Fields, name: keyof Fields, text: string | undefined): void {
  const value = cleanText(text, name === 'announced' ? announcedLength : undefined);
  if (value !== null) fields[name] = value;
}
