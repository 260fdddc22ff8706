import { Icon } from '#ui/icon.tsx'
import type { Refusal } from '../../task-commands.ts'
import { needsOf } from './needs.ts'

/** Why a run was refused, in the service's own words; what it needs first as a list. */
export function RunRefusal(props: { refusal: Refusal }) {
  const { refusal } = props
  const needs = needsOf(refusal)
  return (
    <div
      role="alert"
      ref={(element) => element?.scrollIntoView({ block: 'nearest' })}
      className="flex gap-2 rounded-md border border-bad/50 bg-bad/8 px-3 py-2"
    >
      <Icon name="warning" size={14} className="mt-[3px] text-bad" />
      <div className="said min-w-0">
        <b className="font-medium text-bad">{needs ? 'Before it can run' : refusal.type}</b>
        {needs ? (
          <ul className="mt-1 grid list-disc gap-1 pl-4">
            {needs.map(({ what, todo }) => (
              <li key={what}>
                {what}. <span className="text-mute">{todo}</span>
              </li>
            ))}
          </ul>
        ) : (
          <div className="max-h-40 overflow-y-auto whitespace-pre-wrap">{refusal.message}</div>
        )}
      </div>
    </div>
  )
}
