import type { Draw } from './draw.ts';
import type { Problem } from './problem.ts';

type Language = 'en' | 'de' | 'fr' | 'ja';

/** What tools print, in the language of the machine that they run on. */
const texts: Readonly<Record<Language, Readonly<Record<Problem['failure'] | 'disk', string>>>> = {
  en: {
    connection: 'ssh: connect to host {device} port 22: Connection timed out',
    access: 'deploy@{device}: Permission denied (publickey).',
    package: 'checksum mismatch: {package} is corrupt',
    disk: 'write failed on "/srv/packages/{package}": No space left on device (28)',
  },
  de: {
    connection: 'Zeitüberschreitung der Verbindung zu {device}',
    access: '{device}: Zugriff verweigert',
    package: 'Prüfsumme von {package} stimmt nicht',
    disk: '/srv/packages/{package}: Auf dem Gerät ist kein Speicherplatz mehr verfügbar',
  },
  fr: {
    connection: 'délai d’attente de connexion dépassé : {device}',
    access: '{device} : accès refusé',
    package: 'somme de contrôle incorrecte : {package}',
    disk: '/srv/packages/{package} : Aucun espace disponible sur le périphérique',
  },
  ja: {
    connection: '{device} への接続がタイムアウトしました',
    access: '{device}: アクセスが拒否されました',
    package: '{package} のチェックサムが一致しません',
    disk: '/srv/packages/{package}: デバイスに空き領域がありません',
  },
};

/** What a tool says of a failure; most machines speak English. */
export function announce(
  problem: Pick<Problem, 'kind' | 'failure'>,
  device: string,
  name: string,
  draw: Draw,
): string {
  const language = draw.pick(['en', 'en', 'en', 'de', 'fr', 'ja'] as const);
  const kind = problem.kind === 'disk' ? 'disk' : problem.failure;
  return texts[language][kind].replaceAll('{device}', device).replaceAll('{package}', name);
}
