import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  wordsTitle: 'Apunta tus palabras secretas',
  wordsText: 'Si pierdes tus dispositivos, ellas te devuelven la cuenta. Bastan dos minutos y un papel.',
  wordsNow: 'Mostrar mis palabras',
  later: 'Más tarde',
  partTitle: '«{{name}}» necesita tu ayuda para volver',
  partText:
    'Guardas una parte de las palabras de una amistad. Llama antes de darla: se da en Mi cuenta, después de comparar seis palabras.',
  partGo: 'Ir a Mi cuenta',
}
