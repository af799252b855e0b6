/**
 * Backups, made while the hub runs and left in its home.
 *
 * @module
 */
import { err, ok } from '@effigy/core'
import { text } from '../../config/kinds.ts'
import { required } from '../fields.ts'
import { operation } from '../operation.ts'
import type { AdminPorts } from '../ports.ts'
import { pageFields, pageOf } from '../rows.ts'

const whyNot = {
  busy: { code: 'busy', message: 'Another backup is being made.' },
  full: {
    code: 'too-many',
    message: 'Many backups are in the home already. Take some away first: backups remove.',
  },
  storage: { code: 'storage-failed', message: 'The folder of backups in the home cannot be written.' },
} as const

export const backupOperations = [
  operation({
    name: 'backups list',
    summary: 'Shows the backups in the folder `backups` of the home that are whole',
    fields: pageFields,
    columns: ['file', 'bytes', 'at'],
    isList: true,
    run: async (input, { shelf }: AdminPorts) =>
      ok(
        pageOf(
          shelf.list(),
          input,
          ({ file }) => file,
          (row) => row,
        ),
      ),
  }),
  operation({
    name: 'backups show',
    summary: 'Shows whether one is being made now, and why the last one came to nothing',
    fields: {},
    columns: ['running', 'failure'],
    run: async (_input, { shelf: { running, failure } }: AdminPorts) => ok({ running, failure }),
  }),
  operation({
    name: 'backups start',
    summary:
      'Makes one behind the answer, without the hub’s keys and not encrypted, as a file in its home; `hub backup` makes others, elsewhere',
    fields: {},
    columns: ['running'],
    faults: ['busy', 'too-many', 'storage-failed'],
    async run(_input, { shelf }: AdminPorts) {
      const started = shelf.start()
      return started.ok ? ok({ running: started.value }) : err(whyNot[started.error])
    },
  }),
  operation({
    name: 'backups remove',
    summary: 'Deletes one',
    fields: { file: required(text(1, 64), 'its name, as the list shows it') },
    columns: ['file'],
    destroys: true,
    faults: ['not-found'],
    async run({ file }, { shelf }: AdminPorts) {
      if (shelf.remove(file)) return ok({ file })
      return err({ code: 'not-found', message: 'There is no such backup.' } as const)
    },
  }),
]
