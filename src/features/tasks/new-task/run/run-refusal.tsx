import { NoteFrame } from '#panels/command/refusal-note.tsx'
import { OUTCOME_WORDS, type Refusal } from '#panels/command/refusal.ts'
import { useSourceLabel } from '#streams/use-can.ts'
import { linkParts, needOf } from './needs.ts'

/** Why a run was refused, in the service's own words; what it needs first as a list. */
export function RunRefusal(props: { source: string; refusal: Refusal }) {
  const { requirements = [], outcome, type, message } = props.refusal
  const service = useSourceLabel(props.source)
  const needs = requirements.map((requirement) => needOf(requirement, service))
  return (
    <div ref={(element) => element?.scrollIntoView({ block: 'nearest' })}>
      <NoteFrame
        outcome={outcome}
        title={needs.length > 0 ? 'Before it can run' : `Start ${OUTCOME_WORDS[outcome]}: ${type}`}
      >
        {needs.length > 0 ? (
          <ul className="grid list-disc gap-1 pl-4">
            {needs.map(({ what, todo, scopes }, i) => (
              <li key={i}>
                <Linked text={what} /> <span className="text-mute">{todo}</span>
                {scopes.length > 0 && (
                  <span className="block text-mute">Asked for: {scopes.join('; ')}.</span>
                )}
              </li>
            ))}
          </ul>
        ) : (
          <div className="max-h-40 overflow-y-auto whitespace-pre-wrap">
            <Linked text={message} />
          </div>
        )}
      </NoteFrame>
    </div>
  )
}

function Linked(props: { text: string }) {
  return linkParts(props.text).map(({ text, href }, i) =>
    href === null ? (
      text
    ) : (
      <a
        key={i}
        href={href}
        target="_blank"
        rel="noopener noreferrer"
        className="text-accent underline underline-offset-2"
      >
        {text}
      </a>
    ),
  )
}
