import { defineWords } from '../../words/define.ts'

export const words = defineWords('components/qr', {
  cameraView: 'What your camera sees',
  cameraAsking: 'Your browser asks whether this page may use the camera.',
  cameraDenied:
    'The camera is not allowed here. Allow it in the settings of your browser, or use one of the other ways below.',
  cameraNone: 'No camera was found. Use one of the other ways below.',
  cameraFailed: 'The camera does not work at the moment. Another app may be using it.',
  cameraAgain: 'Try again',
  paste: 'Or paste the code',
  use: 'Use',
  fromPicture: 'Choose a picture of the code',
  noCodeInPicture:
    'There is no code to be found in this picture. Take it from nearer, straight from the front.',
})
