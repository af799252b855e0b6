/**
 * The one table of operations: routes, commands and docs/hub/admin.md are made of it.
 *
 * @module
 */
import type { Operation } from './operation.ts'
import { backupOperations } from './operations/backups.ts'
import { joiningOperations } from './operations/joining.ts'
import { keepingOperations } from './operations/keeping.ts'
import { moderatingOperations } from './operations/moderating.ts'
import { peopleOperations, quotaOperations } from './operations/people.ts'
import { runningOperations } from './operations/running.ts'
import type { AdminPorts } from './ports.ts'

export const operations: readonly Operation<AdminPorts>[] = [
  ...runningOperations,
  ...peopleOperations,
  ...quotaOperations,
  ...joiningOperations,
  ...keepingOperations,
  ...moderatingOperations,
  ...backupOperations,
]
