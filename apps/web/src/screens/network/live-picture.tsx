/**
 * Who is connected now, as a picture: oneself in the middle, hubs above, people around; how each line goes.
 *
 *     sessions ─▶ places on an ellipse ─▶ lines (straight, dashed over a relay) and faces
 *
 * The same stands below it as a list: the picture is for the eye alone.
 *
 * @module
 */
import { IconDeviceMobile, IconServer2 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { usePerson } from '../../components/use-person.ts'
import type { Link } from './links.ts'
import classes from './network.module.css'

/** Drawn at once; the list has all. */
const maxDrawn = 12

export function LivePicture({ links }: { readonly links: readonly Link[] }): ReactNode {
  const drawn = links.slice(0, maxDrawn)
  const places = drawn.map((link, at) => ({ link, ...placeOf(at, drawn.length) }))
  const own = drawn.length === 1 ? { x: 30, y: 50 } : { x: 50, y: 50 }
  const isFlat = drawn.length <= 2
  return (
    <div className={`${classes.picture} ${isFlat ? classes.flat : ''}`} aria-hidden="true">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" className={classes.lines}>
        {places.map(({ link, x, y }) => (
          <line
            key={link.identity}
            x1={own.x}
            y1={own.y}
            x2={x}
            y2={y}
            className={`${classes.line} ${classes[link.way]}`}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <div className={`${classes.node} ${classes.self}`} style={{ left: `${own.x}%`, top: `${own.y}%` }}>
        <IconDeviceMobile size={26} stroke={1.6} />
      </div>
      {places.map(({ link, x, y }) => (
        <div key={link.identity} className={classes.node} style={{ left: `${x}%`, top: `${y}%` }}>
          {link.kind === 'hub' ? (
            <span className={classes.hub}>
              <IconServer2 size={24} stroke={1.6} />
            </span>
          ) : (
            <Face link={link} />
          )}
        </div>
      ))}
    </div>
  )
}

function Face({ link }: { readonly link: Link }): ReactNode {
  const { identity, name, picture } = usePerson(link.identity)
  return <Avatar identity={identity} name={name} picture={picture} size={48} />
}

/** In percent of the picture: beside oneself, or around, from the top on. */
function placeOf(at: number, count: number): { readonly x: number; readonly y: number } {
  if (count <= 2) return { x: at === 1 ? 15 : count === 1 ? 70 : 85, y: 50 }
  const angle = (at / count) * 2 * Math.PI - Math.PI / 2
  return { x: 50 + 38 * Math.cos(angle), y: 50 + 34 * Math.sin(angle) }
}
