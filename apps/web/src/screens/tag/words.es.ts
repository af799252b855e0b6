import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  keep: 'Tener en Inicio',
  kept: 'En Inicio',
  emptyTitle: 'Nada todavía',
  empty: 'Nadie cuyas publicaciones estén en este dispositivo ha escrito sobre esto.',
  write: 'Escribe algo',
  findPeople: 'Buscar personas',
}
