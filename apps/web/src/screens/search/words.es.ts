import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Buscar',
  field: '¿Qué buscas?',
  placeholder: 'Palabras, nombres, #temas',
  when: 'Cuándo',
  anyTime: 'En cualquier momento',
  week: 'La última semana',
  month: 'El último mes',
  year: 'El último año',
  people: 'Personas',
  posts: 'Publicaciones',
  messages: 'Mensajes',
  moreMessages: 'Más mensajes',
  startTitle: 'Todo lo de este dispositivo',
  start:
    'Publicaciones, respuestas, tus mensajes y personas a quienes sigues. Funciona sin conexión y nadie sabe qué buscas.',
  nothingTitle: 'No hay nada',
  nothing: 'Tienen que estar todas las palabras. Prueba con menos, o con el comienzo de una.',
  looking: 'Buscando más atrás…',
  soFarTitle: 'Nada por ahora',
  soFar: 'Más atrás queda algo sin mirar.',
  lookOn: 'Buscar más atrás',
  lookOnMessages: 'Buscar más atrás en los mensajes',
  lookOnPosts: 'Buscar más atrás en las publicaciones',
  findPeople: 'Buscar personas',
  lookAnyTime: 'Buscar en cualquier fecha',
  behind_one: 'Aún se está leyendo {{count}} publicación más nueva.',
  behind_many: 'Aún se están leyendo {{count}} de publicaciones más nuevas.',
  behind_other: 'Aún se están leyendo {{count}} publicaciones más nuevas.',
  tag: 'Todo sobre #{{label}}',
}
