import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Actividad',
  silence: 'De qué no quieres saber',
  emptyTitle: 'Todo tranquilo',
  empty: 'Aquí aparecen respuestas, menciones, reacciones y nuevos seguidores.',
  findPeople: 'Buscar personas',
  reply: '<who/> te respondió',
  mention: '<who/> te mencionó',
  follow: '<who/> te sigue',
  reaction: '<who/> reaccionó con {{labels}} a',
  reactions_one: '<who/> y {{count}} persona más reaccionaron con {{labels}} a',
  reactions_many: '<who/> y {{count}} de personas más reaccionaron con {{labels}} a',
  reactions_other: '<who/> y {{count}} personas más reaccionaron con {{labels}} a',
  unread: 'Nuevo',
  yourPicture: 'tu foto',
  wordsTitle: 'Palabras',
  wordsText:
    'No se te avisa de publicaciones con estas palabras, y en Inicio aparecen plegadas. En todos tus dispositivos; nadie más lo sabe.',
  word: 'Palabra o frase',
  add: 'Añadir',
  take: 'Quitar «{{word}}»',
  noWords: 'Aún no hay palabras.',
  unfit: 'Una palabra o una frase corta, por favor.',
  threadsText: 'Las conversaciones se silencian en el menú de sus publicaciones.',
  close: 'Cerrar',
}
