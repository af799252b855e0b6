/**
 * Whom and what the hub does not want: blocks, take-downs, and what members report.
 *
 * @module
 */
import { err, ok } from '@effigy/core'
import { choice, text } from '../../config/kinds.ts'
import { contentKind, optional, required, withDefault } from '../fields.ts'
import { operation } from '../operation.ts'
import { identitiesOf } from '../persons.ts'
import type { AdminPorts } from '../ports.ts'
import { reportRow } from '../report-row.ts'
import { pageFields, pageOf } from '../rows.ts'
import { whoField } from './people.ts'

const note = text(1, 500)
const noteField = optional(note, 'a note for operators; nobody else sees it')

export const moderatingOperations = [
  operation({
    name: 'blocks list',
    summary: 'Shows who is turned away',
    fields: pageFields,
    columns: ['who', 'reason', 'at'],
    isList: true,
    run: async (input, { blocks }: AdminPorts) =>
      ok(
        pageOf(
          blocks.list,
          input,
          ({ who }) => who,
          (block) => block,
        ),
      ),
  }),
  operation({
    name: 'blocks add',
    summary:
      'Turns somebody away: no session, open ones end, what was promised ends, their feeds are kept and given to nobody. A root stands for all devices of the account, future ones too',
    fields: { who: whoField, reason: noteField },
    columns: ['who', 'reason', 'at'],
    faults: ['not-possible', 'too-many'],
    async run({ who, reason }, { blocks, isOwn, peer, clock }: AdminPorts) {
      if (identitiesOf(peer.store, who).some(isOwn)) {
        return err({ code: 'not-possible', message: 'That is the hub itself.' } as const)
      }
      const block = { who, reason, at: clock.now() }
      if (await blocks.add(block)) return ok(block)
      return err({ code: 'too-many', message: 'There are too many blocks already.' } as const)
    },
  }),
  operation({
    name: 'blocks remove',
    summary: 'Lets somebody come again; what was kept of them is fetched anew when they do',
    fields: { who: whoField },
    columns: ['who'],
    faults: ['not-found'],
    async run({ who }, { blocks }: AdminPorts) {
      if (await blocks.remove(who)) return ok({ who })
      return err({ code: 'not-found', message: 'That name is not blocked.' } as const)
    },
  }),
  operation({
    name: 'takedowns list',
    summary: 'Shows the contents that were taken down',
    fields: pageFields,
    columns: ['content', 'reason', 'at'],
    isList: true,
    run: async (input, { takeDowns }: AdminPorts) =>
      ok(
        pageOf(
          takeDowns.list,
          input,
          ({ content }) => content,
          (takeDown) => takeDown,
        ),
      ),
  }),
  operation({
    name: 'takedowns add',
    summary:
      'Takes a text or file down: deleted, not given to anybody, not fetched again, whoever posts it. Members who ask are told so. A text that stands inside of its entry stays: block its author instead',
    fields: { content: required(contentKind, 'of the text or the file'), reason: noteField },
    columns: ['content', 'reason', 'at'],
    destroys: true,
    faults: ['too-many'],
    async run({ content, reason }, { takeDowns, clock }: AdminPorts) {
      const takeDown = { content, reason, at: clock.now() }
      if (await takeDowns.add(takeDown)) return ok(takeDown)
      return err({ code: 'too-many', message: 'Too many were taken down already.' } as const)
    },
  }),
  operation({
    name: 'takedowns remove',
    summary: 'Lets a content be kept again; it is fetched anew where somebody still has it',
    fields: { content: required(contentKind, 'of the text or the file') },
    columns: ['content'],
    faults: ['not-found'],
    async run({ content }, { takeDowns }: AdminPorts) {
      if (await takeDowns.remove(content)) return ok({ content })
      return err({ code: 'not-found', message: 'That content was not taken down.' } as const)
    },
  }),
  operation({
    name: 'reports list',
    summary:
      'Shows what members have reported, with who did, and what was reported where it is public and the hub has it',
    fields: {
      which: withDefault(choice('open', 'resolved', 'all'), 'open', 'open, resolved or all'),
      ...pageFields,
    },
    columns: ['id', 'reason', 'aboutName', 'about', 'content', 'fromName', 'from', 'at', 'text', 'said'],
    isList: true,
    async run({ which, ...page }, ports: AdminPorts) {
      const wanted = ports.reports.list.filter(
        ({ resolved }) => which === 'all' || (resolved === null) === (which === 'open'),
      )
      return ok(
        pageOf(
          wanted,
          page,
          ({ id }) => id,
          (report) => reportRow(ports, report),
        ),
      )
    },
  }),
  operation({
    name: 'reports resolve',
    summary: 'Puts a report aside; it is gone after 90 days',
    fields: { id: required(text(1, 64), 'of the report'), note: optional(note, 'what came of it') },
    columns: ['id'],
    faults: ['not-found'],
    async run({ id, note: said }, { reports }: AdminPorts) {
      if (await reports.resolve(id, said)) return ok({ id })
      return err({ code: 'not-found', message: 'There is no such report.' } as const)
    },
  }),
]
