import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  cameraView: 'Lo que ve tu cámara',
  cameraAsking: 'Tu navegador pregunta si esta página puede usar la cámara.',
  cameraDenied:
    'Aquí no está permitida la cámara. Permítela en los ajustes del navegador, o usa otra de las formas de abajo.',
  cameraNone: 'No se encontró ninguna cámara. Usa otra de las formas de abajo.',
  cameraFailed: 'La cámara no funciona ahora. Quizá la esté usando otra aplicación.',
  cameraAgain: 'Probar otra vez',
  paste: 'O pega el código',
  use: 'Usar',
  fromPicture: 'Elegir una foto del código',
  noCodeInPicture: 'No se encuentra ningún código en esta foto. Tómala de más cerca y de frente.',
}
