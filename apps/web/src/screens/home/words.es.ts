import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Inicio',
  sayHello: 'Di algo a tus amigos',
  placeholder: '¿Qué estás pensando?',
  post: 'Publicar',
  emptyTitle: 'Tu primera hora',
  empty: 'Nadie a quien sigues ha escrito todavía. Saluda o invita a alguien.',
  older: 'Anteriores',
}
