import { compileFormats } from '../alert/formats.ts';
import { compileJsonFailures } from '../alert/json/json-failures.ts';
import { shippedFormats } from '../alert/shipped-formats.ts';
import type { Config } from '../config/config.ts';
import { compilePackagePatterns, shippedPackagePatterns } from '../redistribution/package-version.ts';
import type { AlertFormat } from '../domain/policy.ts';
import type { Policies } from '../workflows/deps.ts';

/** Returns the formats that the config declares, those that it names by name among them. */
export function declaredFormats({ formats }: Config): readonly AlertFormat[] {
  return formats.flatMap((format) => (typeof format === 'string' ? (shippedFormats[format] ?? []) : format));
}

/** The policies in the forms that the pure folders take. */
export function readPolicies(config: Config): Policies {
  return {
    timeZone: config.timeZone,
    zones: {
      siteZone: config.timeZone,
      sourceZones: config.sourceZones,
      regionZones: new Map(
        config.routing.regions.flatMap(({ name, timeZone }) => (timeZone ? [[name, timeZone]] : [])),
      ),
    },
    validation: {
      ...config.validation,
      servers: config.servers.flatMap(({ name, host }) => [name, host.toLowerCase()]),
    },
    formats: compileFormats(declaredFormats(config), config.failures),
    thresholds: config.thresholds,
    latenessMs: config.latenessMs,
    rootCause: config.rootCause,
    diagnosis: config.diagnosis,
    routing: config.routing,
    ticket: config.ticket,
    delivery: config.delivery,
    approval: config.approval,
    reports: config.reports,
    health: config.health,
    paging: config.paging,
    intake: {
      sources: new Map(config.intake.http?.sources.map((source) => [source.name, source])),
      failures: compileJsonFailures(config.failures),
      heartbeat: config.heartbeat,
      keepMailMs: config.database.keepMailMs,
    },
    recovery: config.recovery,
    logWatch: config.logWatch,
    servers: new Map(config.servers.map((server) => [server.name, server])),
    readVersion: compilePackagePatterns(config.packages.patterns ?? shippedPackagePatterns),
  };
}
