/**
 * The thread on which pictures are painted (painter.ts).
 *
 * @module
 */
import { parentPort } from 'node:worker_threads'
import { makePicture, type PictureOrder } from './make.ts'

parentPort?.on('message', (order: PictureOrder) => parentPort?.postMessage(makePicture(order)))
