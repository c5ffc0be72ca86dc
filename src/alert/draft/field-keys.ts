import type { FieldName } from '../formats.ts';

/** Keys that say that something fails or works, but not what. */
export const statusKey =
  /^(?:status|state|result|outcome|termination|zustand|ergebnis|statut|état|etat|résultat|estado|resultado|stato|esito|situação)$/iu;

/** The words by which tools call the fields, the most telling first. */
const fieldsByKey: readonly (readonly [field: FieldName, key: RegExp])[] = [
  ['alertId', /^(?:alert|event|incident)[ _-]?(?:id|no|number)$/i],
  [
    'distributionServer',
    /^(?:distribution[ _-]?server|master|source|upstream|(?:sent|reported) by|reporter|verteil(?:er|server)|gemeldet von|quelle|serveur de distribution|servidor de distribución|server di distribuzione)$/iu,
  ],
  [
    'device',
    /^(?:device|host(?: ?name)?|node|client|machine|target|server|computer|recipient|gerät|rechner|ziel(?:system|rechner)?|empfänger|hôte|poste|serveur|équipement|equipo|dispositivo|servidor|destino|destinatario|máquina)$/iu,
  ],
  [
    'package',
    /^(?:package|pkg|file(?: ?name)?|artifact|bundle|image|software|paket|datei|paquet|fichier|paquete|archivo|pacchetto|pacote|arquivo)$/iu,
  ],
  [
    'announced',
    /^(?:(?:last )?(?:error|failure|problem|fault|message)(?: ?(?:name|message|text))?|reason|cause|exception|description|details?|info|grund|ursache|fehler(?:meldung|text)?|meldung|beschreibung|erreur|motif|raison|motivo|causa|errore|messaggio|mensaje|erro|mensagem)$/iu,
  ],
  [
    'job',
    /^(?:job(?: ?id)?|task|playbook|batch|run|deployment|distribution|campaign|auftrag|aufgabe|tâche|tarea|tarefa)$/iu,
  ],
  ['region', /^(?:region|area|zone|région|región|regione|gebiet)$/iu],
  ['building', /^(?:building|gebäude|bâtiment|edificio|edifício)$/iu],
  ['room', /^(?:room|raum|salle|sala|stanza)$/iu],
  ['attempt', /^(?:attempt|try|retry|versuch|tentative|intento)$/iu],
  ['at', /^(?:at|time|date|timestamp|when|occurred|zeit(?:punkt)?|datum|fecha|data|heure)$/iu],
];

/** Returns the field that a tool calls so; `null` if no field is called so. */
export function fieldOf(key: string): FieldName | null {
  const named = fieldsByKey.find(([, pattern]) => pattern.test(key))?.[0];
  return named ?? (statusKey.test(key) ? 'announced' : null);
}
