/**
 * Friends of one's own who know this person.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { useLive } from '@effigy/react'
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { PersonName } from '../../components/person-name.tsx'
import { usePerson } from '../../components/use-person.ts'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './person.module.css'
import { words } from './words.ts'

/** Faces. */
const maxFaces = 4

export function InCommon({ identity }: { readonly identity: Identity }): ReactNode {
  const t = useWords(words)
  const common = useLive('people.common', identity).value
  const [first] = common?.followers ?? []
  if (common === null || first === undefined) return null
  const others = common.followersCount - 1
  const name = <PersonName identity={first} plain />
  return (
    <div className={classes.faces}>
      <span className={classes.stack} aria-hidden>
        {common.followers.slice(0, maxFaces).map((each) => (
          <Face key={each} identity={each} />
        ))}
      </span>
      <Text size="sm" c="var(--soft)">
        {others === 0 ? (
          <Rich words={words} name="commonOne" parts={{ name }} />
        ) : (
          <>
            <Rich words={words} name="commonSome" parts={{ name }} /> {t('commonMore', { count: others })}
          </>
        )}
      </Text>
    </div>
  )
}

function Face({ identity }: { readonly identity: Identity }): ReactNode {
  const { known: _known, ...face } = usePerson(identity)
  return <Avatar {...face} size={32} />
}
