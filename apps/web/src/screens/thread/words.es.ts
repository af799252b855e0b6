import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Conversación',
  answers_one: '{{count}} respuesta',
  answers_many: '{{count}} de respuestas',
  answers_other: '{{count}} respuestas',
  nobody: 'Nadie ha respondido todavía.',
  older_one: '{{count}} respuesta es a algo de <who/> que aún no está en este dispositivo.',
  older_many: '{{count}} de respuestas son a algo de <who/> que aún no está en este dispositivo.',
  older_other: '{{count}} respuestas son a algo de <who/> que aún no está en este dispositivo.',
  strange_one: '{{count}} respuesta es a algo de <who/>, cuyas publicaciones no se guardan aquí.',
  strange_many: '{{count}} de respuestas son a algo de <who/>, cuyas publicaciones no se guardan aquí.',
  strange_other: '{{count}} respuestas son a algo de <who/>, cuyas publicaciones no se guardan aquí.',
  get: 'Traerlo',
  getting: 'Preguntando a amigos y hubs…',
  notYet: 'Nadie de los conectados lo tiene. Llegará solo cuando alguien lo tenga.',
  look: 'Ver quién es',
  more: 'Mostrar más respuestas',
  noBeginning: 'El comienzo de esta conversación no está en este dispositivo.',
  goneTitle: 'Esto no está aquí',
  gone: 'Se ha retirado, o no ha llegado a este dispositivo. Si alguien te envió el enlace, síguele y quizá llegue.',
  badTitle: 'Este enlace no lleva a ninguna parte',
  bad: 'Puede estar mal escrito o cortado.',
  home: 'Ir al inicio',
  muted: 'No se te avisa de nada de esta conversación.',
}
