import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Bloqueado',
  lead: 'Tus datos en este navegador se abren con tu contraseña.',
  passphrase: 'Contraseña',
  wrong: 'No es esa. Fíjate en las mayúsculas y los espacios.',
  unlock: 'Desbloquear',
}
