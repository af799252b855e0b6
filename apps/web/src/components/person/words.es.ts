import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  verified: 'Comprobaste quién es',
  moved: 'Su cuenta se mudó: vuelve a comprobar quién es',
  alike: 'Mira dos veces: este nombre quizá quiera confundirte',
  changed: 'Cambió su nombre o su foto',
}
