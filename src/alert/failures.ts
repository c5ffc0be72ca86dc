import type { FailurePattern } from '../domain/policy.ts';
import type { Pattern } from './pattern.ts';
import { toSearchText } from './search-text.ts';

export interface CompiledFailure {
  readonly type: string;
  readonly pattern: Pattern;
}

/** Failure type of a text that no pattern knows: the distribution of a package failed, whatever the cause. */
const unknownFailure = 'package';

/** What the C library says in German, French, Spanish, Italian, Portuguese, Japanese, Chinese and Korean. */
const translated = {
  package: [
    'kein speicherplatz|prüfsumme|aucun espace|somme de contrôle|no queda espacio|la suma no coincide|suma de comprobación',
    'spazio (?:esaurito|insufficiente)|não há espaço|空き領域がありません|チェックサム|设备上没有空间|校验和|남은 공간이 없',
  ],
  access: [
    'keine berechtigung|zugriff verweigert|vorgang nicht (?:zulässig|erlaubt)|permission non accordée|permission refusée',
    'accès refusé|opération non permise|permiso denegado|acceso denegado|operación no permitida|permesso negato|accesso negato',
    'permissão negada|acesso negado|許可がありません|アクセスが拒否|許可されていない操作|权限不够|拒绝访问|허가 거부|액세스가 거부',
  ],
  connection: [
    'nicht erreichbar|verbindung(?:saufbau)? (?:abgelehnt|verweigert|unterbrochen)|wartezeit für die verbindung|zeitüberschreitung',
    'keine route zum|connexion refusée|délai d.attente|aucun chemin d.accès|inaccessible|conexión (?:rehusada|rechazada)',
    'expiró el tiempo|no existe ninguna ruta|inalcanzable|connessione rifiutata|tempo scaduto|conexão recusada|tempo esgotado',
    '接続を拒否|接続がタイムアウト|経路がありません|连接被拒绝|拒绝连接|连接超时|没有到主机的路由|연결이 거부|연결 시간 초과',
  ],
} as const;

/**
 * The three types that every site has (A8), the most telling first: a full disk also breaks the connection, and a
 * refused key reads like a failed connection.
 */
export const builtInFailures: readonly FailurePattern[] = [
  {
    type: 'package',
    pattern: [
      'no space left|disk (?:is )?full|quota exceeded|wrote only \\d+ of|checksum|hash sum mismatch|unmet dependenc|dependency is not satisfiable|held broken packages',
      ...translated.package,
    ].join('|'),
  },
  {
    type: 'access',
    pattern: [
      'permission denied|access (?:is |was )?denied|not (?:be )?writable|not permitted|unauthori[sz]ed|forbidden|(?:error|status code was|http)[: ]+40[13]\\b|auth(?:entication|orization)? (?:failed|failure|error)|login (?:incorrect|failed)|host key verification failed|host identification has changed|privilege escalation|superuser privilege|must be root|are you root|(?:sudo|a) password (?:is )?(?:missing|required)|missing sudo password|invalid (?:credentials|password|user)',
      ...translated.access,
    ].join('|'),
  },
  {
    type: 'connection',
    pattern: [
      'unreachable|no route to host|timed?[ -]?out|connection (?:refused|reset|closed|lost|aborted|failed|error|unexpectedly closed)|lost connection|max connections|(?:failed|unable|not possible) to connect|(?:could not|couldn.t|cannot|can.t) connect|broken pipe|network is down|host is down|could not resolve|name or service not known|name resolution|no such host|error in socket io|could not be sent to remote host',
      ...translated.connection,
    ].join('|'),
  },
];

/**
 * The failure type of an announced failure (A8): the first pattern that occurs in it, `package` when none does. A text
 * that is the name of a type is of that type.
 */
export function classifyFailure(announced: string, patterns: readonly CompiledFailure[]): string {
  const named = announced.trim().toLowerCase();
  const text = toSearchText(announced);
  const known =
    patterns.find(({ type }) => type === named) ?? patterns.find(({ pattern }) => pattern.occursIn(text));
  return known?.type ?? unknownFailure;
}
