import { expect, test } from 'vitest'
import { testIdentity } from '../../test/fake-peer.ts'
import { configWith } from '../../test/hub-world.ts'
import { describeHub } from '../description.ts'
import { aboutService } from './about-service.ts'

test('[V118] a hub tells who runs it and what it asks for, to strangers too', async () => {
  const identity = await testIdentity('hub')
  const config = configWith({ name: 'Linden', contact: 'Ada', terms: 'Be kind.', leases: false })
  const { isFor, methods } = aboutService(() => describeHub(config, identity, '1', ''))
  expect(isFor({ remote: await testIdentity('mallory'), trust: 'stranger' } as never)).toBe(true)
  const answer = await methods.get?.({} as never)
  const told = answer?.ok === true ? answer.value : null
  expect(told).toMatchObject({
    value: { name: 'Linden', contact: 'Ada', terms: 'Be kind.', members: 'anyone', leaseDays: 0 },
  })
})
