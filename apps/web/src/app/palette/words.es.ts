import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  acts: 'Qué hacer',
  screens: 'A dónde ir',
  write: 'Escribir una nota',
  message: 'Escribir un mensaje',
  search: 'Buscar algo',
  addPerson: 'Añadir a alguien',
  myCode: 'Mostrar mi código',
  light: 'Colores claros',
  dark: 'Colores oscuros',
}
