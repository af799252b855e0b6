import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Bloqueo',
  none: 'Aún sin bloqueo: quien llegue a este navegador puede escribir en tu nombre.',
  worth:
    'Con un bloqueo, solo tú puedes. No oculta lo que está guardado aquí: quien pueda leer los archivos de este equipo puede leerlo. Un disco cifrado ayuda.',
  wordsFirst: 'Apunta primero tus palabras',
  wordsFirstText: 'Si pierdes lo que abre el bloqueo, solo tus palabras te devuelven la cuenta.',
  toWords: 'A mis palabras',
  withPassphrase: 'Bloquear con una contraseña',
  withPasskey: 'Bloquear con una llave de acceso',
  passphrase: 'Contraseña',
  passphraseHelp: 'Al menos 8 caracteres. Cuatro palabras poco comunes van bien.',
  repeat: 'La misma otra vez',
  differs: 'Las dos no son iguales.',
  lockIt: 'Bloquear este navegador',
  newKeys:
    'Desde entonces aquí solo escribe en tu nombre quien abre el bloqueo. Una copia de este navegador hecha antes ya no puede escribir nada por ti. Lo que escribiste sigue siendo tuyo.',
  copied:
    'Si alguien pudo copiar los archivos de este navegador antes de que tuviera un bloqueo, todavía puede cambiar tu cuenta. Solo tus palabras acaban con eso: recupera tu cuenta, con palabras nuevas.',
  toTakeBack: 'A mi cuenta',
  working: 'Poniendo el bloqueo. Déjalo abierto…',
  notMain:
    'Solo tu dispositivo principal se puede bloquear después. Haz de este navegador el principal, bloquéalo y devuelve el papel si quieres.',
  opensWith: 'Qué lo abre',
  lock_passphrase: 'Contraseña',
  lock_passkey: 'Llave de acceso',
  lock_passkeyOf: 'Llave de acceso {{number}}',
  change: 'Cambiar la contraseña',
  addPassphrase: 'Añadir una contraseña',
  addPasskey: 'Añadir una llave de acceso',
  remove: 'Quitar',
  removeOf: 'Quitar: {{lock}}',
  now: 'Contraseña actual',
  nowOrPasskey: 'Déjalo vacío para usar tu llave de acceso.',
  known:
    'Si alguien podía abrir este bloqueo hasta ahora y copiar los archivos de este navegador, no basta con cambiarlo: tiene sus claves. Saca entonces este navegador de tu cuenta, desde otro dispositivo o con tus palabras, y empieza aquí de nuevo.',
  next: 'Nueva contraseña',
  save: 'Guardar',
  cancel: 'Cancelar',
  lockNow: 'Bloquearlo ahora',
  idle: 'Bloquear solo',
  idleNever: 'Nunca',
  idleAfter_one: 'Tras {{count}} minuto sin tocarlo',
  idleAfter_many: 'Tras {{count}} de minutos sin tocarlo',
  idleAfter_other: 'Tras {{count}} minutos sin tocarlo',
  settings: 'Bloquea este navegador con una contraseña o una llave de acceso, en Dispositivos.',
  toLock: 'Al bloqueo',
}
