/**
 * docs/hub/admin.md, made of the table of operations; `docs.test.ts` sees to it that it is up to date.
 *
 * @module
 */
import { flagOfField, usageOf } from './command-line.ts'
import { type Operation, pathOf } from './operation.ts'
import { maxInputBytes } from './routes.ts'
import { linkMs, sessionMs } from './sessions.ts'

const minutes = (ms: number): number => ms / 60_000

export function adminDocs<Ports>(operations: readonly Operation<Ports>[]): string {
  const groups = Map.groupBy(operations, ({ name }) => name.split(' ')[0] ?? '')
  const sections = Array.from(groups, ([group, list]) => `## ${group}\n\n${list.map(section).join('\n')}`)
  return `${intro}\n${sections.join('\n')}`
}

function section<Ports>(operation: Operation<Ports>): string {
  const { name, summary, fields, columns, isList, destroys, faults } = operation
  const rows = Object.entries(fields).map(([field, { kind, help, fallback, isPlain }]) => {
    const flag = isPlain ? flagOfField(field).replaceAll('-', '_').toUpperCase() : `--${flagOfField(field)}`
    const standard = fallback === null ? 'needed' : kind.show(fallback.value as never)
    return `| \`${field}\` | \`${flag}\` | ${cell(kind.allowed)} | ${cell(standard)} | ${cell(help)} |`
  })
  const table =
    rows.length === 0
      ? ''
      : `\n| field | on the command line | what | when left out | |\n|---|---|---|---|---|\n${rows.join('\n')}\n`
  const answer = isList
    ? `Answers \`{items, next}\`; each item has at least ${list(columns)}.`
    : `Answers an object with at least ${list(columns)}.`
  const notes = [
    answer,
    ...(faults.length > 0 ? [`May answer ${list(faults)}.`] : []),
    ...(destroys ? ['Cannot be undone: the command wants `--yes`.'] : []),
  ]
  return `### ${name}

${summary}.

    POST ${pathOf(operation)}
    hub admin ${usageOf(operation)}
${table}
${notes.join(' ')}
`
}

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

const cell = (text: string): string => text.replaceAll('|', '\\|')

const intro = `# Administration of a hub

Made from the table of operations in \`apps/hub/src/admin\`; do not edit it. Each operation is a command of the hub's program and a request of its
JSON interface. The pages of administration come with the web app and use the same interface.

## Who may

- **The key**: 32 random bytes in base64url, in the file \`admin-key\` of the hub's home, made at the first start, readable by the hub's user alone. It is sent as \`Authorization: Bearer KEY\`.
  To make another, remove the file and start the hub again.
- **A one-time link**: \`hub admin link\` prints one, and so does a hub that is started on a terminal. It is good for ${minutes(linkMs)} minutes and one use; its secret stands behind \`#\` and is sent by nobody who only opens it. It is exchanged for a
  session of ${minutes(sessionMs) / 60} hours: \`POST /admin/session {"token": …}\` answers with a cookie (\`HttpOnly\`, \`SameSite=Strict\`, \`Secure\` over https). A session does what the key does, but makes no links. \`POST /admin/session/end {}\` ends it. \`hub admin --link LINK …\` runs one command by a link.

A wrong key, link or session is answered alike, after a quarter of a second; ten at once and six a minute from one address. Over plain http from another machine everything is refused, the right key too: somebody on the way could read it. Behind a proxy that speaks https
set \`trustProxy\`; a proxy on the same machine has to say for whom it asks (\`X-Forwarded-For\`), as those of the recipes do. The hub answers to its \`publicUrl\`, to \`localhost\` and to addresses in numbers, and a session only to pages of that same origin.

## On the command line

\`hub admin\` runs on the machine of the hub, as its user or root ([\`hub\`](running.md#commands-of-a-hub-that-is-a-service), where it runs as a service): it finds key and hub in the home (\`--home\`, \`--config\` as for the hub itself) and talks to it over the socket \`admin.sock\` there. For a hub elsewhere: \`--at https://hub.example --key-file FILE\`.
Tables are for people; \`--json\` gives one object a line. \`hub admin people\` is short for \`hub admin people list\`. Exit codes: 0 done, 1 refused, 2 wrong words or settings, 4 the hub does not run or cannot be reached.

## The JSON interface

All requests are \`POST\` with \`Content-Type: application/json\`, a stated length of at most ${maxInputBytes} bytes, and an object; unknown fields are refused. 200 has the answer. Otherwise \`{"error": code, "message": text}\`, where the code is for programs:
400 \`bad-input\` (with \`field\`), \`not-json\`; 401 \`unauthorized\`; 403 \`plain-http\`, \`wrong-origin\`; 404 \`unknown-operation\`, \`not-found\`; 405 \`not-allowed\`; 408 \`too-slow\`; 409 \`not-possible\`, \`refused\`; 411 \`length-needed\`; 413 \`too-large\`; 415 \`json-needed\`; 421 \`wrong-host\`; 429 \`too-fast\`, \`too-many\`; 503 \`busy\`, \`storage-failed\`.
Times are ms since 1970; sizes are bytes, and may be given as texts like "2 GiB". Lists come in pages: \`next\` goes into \`after\`.

## What the operator sees

Whole identities of members, the names that they give themselves, how much the hub holds for them, who is connected (short names), how much waits in whose box (not from whom, and it is sealed), what was promised to whom, and reports with their reporter. Not shown, because it is not needed: addresses of devices, whom a
member watches, and what anybody wrote, but for one thing: the text of a note that was reported, where it is public (spec V96). In logs stands that something was done, not to whom.

## What a take-down reaches

Texts and files that stand beside their entry, as notes, comments and pictures do: their bytes go, and their names are refused (spec V93). A short text may also stand inside of its entry. That entry is one link of its author's chain, named by the hash of all its bytes: a hub that
left them out could give nobody anything older of that feed, and whoever has the bytes would be told by the hash that they are right. So a hub has no half measure there: \`blocks add\` turns the author away, and the whole feed is kept for nobody and given to nobody from then on. An author who
erases such a text hides it everywhere; one who deletes it takes it out of the chain for good.
`
