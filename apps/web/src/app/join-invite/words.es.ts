import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  ask: '{{name}} te invita',
  askMore: 'Entras en el hub {{host}} y sigues a {{name}}.',
  somebody: 'Alguien',
  joining: 'Entrando…',
  joined: 'Ya estás dentro y sigues a {{name}}.',
  yes: 'Aceptar',
  no: 'Ahora no',
  again: 'Intentarlo de nuevo',
  dismiss: 'Dejarlo',
}
