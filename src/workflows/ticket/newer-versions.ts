import type { Evidence } from '../../domain/evidence.ts';
import type { SeenSymptom } from '../../domain/symptom.ts';
import { compareVersions, type ReadVersion } from '../../redistribution/package-version.ts';

/**
 * Returns what word of a delivered package shows beyond what it names: the older versions of that package which had failed
 * are no longer missed (A17).
 */
export function deliveredInstead(
  readVersion: ReadVersion,
  evidence: readonly Evidence[],
  symptoms: readonly Pick<SeenSymptom, 'package'>[],
): readonly Evidence[] {
  const failed = new Set(symptoms.flatMap((symptom) => symptom.package ?? []));
  return evidence.flatMap((one) => {
    const delivered = one.kind === 'word' && one.package !== null ? readVersion(one.package) : null;
    if (delivered === null) return [];
    const older = [...failed].filter((name) => {
      const version = readVersion(name);
      return version?.name === delivered.name && compareVersions(version.version, delivered.version) < 0;
    });
    return older.map((name) => ({ ...one, kind: 'newer-version' as const, package: name }));
  });
}
