import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  ask: '{{name}} te invita',
  askMore: 'Entras en el hub {{host}} y sigues a {{name}}.',
  askMoreSomebody: 'Entras en el hub {{host}} y sigues a quien te invita.',
  askHub: 'Tienes una invitación a {{name}}',
  askHubMore:
    'Entras en el hub {{host}}. Guarda lo que escribes para que tus amigos lo reciban mientras tus dispositivos están apagados.',
  somebody: 'Alguien',
  joining: 'Entrando…',
  joined: 'Ya estás dentro y sigues a {{name}}.',
  joinedSomebody: 'Ya estás dentro y sigues a quien te invitó.',
  joinedHub: 'Ya estás dentro, en {{name}}.',
  yes: 'Aceptar',
  no: 'Ahora no',
  again: 'Intentarlo de nuevo',
  dismiss: 'Dejarlo',
}
