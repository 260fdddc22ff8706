import { LOG_PHASES, PHASE_LABELS, type LogPhase } from './phases.ts'
import { number } from './words.ts'

/** All lines, or those of one phase of a run. */
export function PhaseFilter(props: {
  phase: LogPhase | null
  total: number
  /** Lines of each phase; null while not all are loaded. */
  counts: readonly number[] | null
  onPhase(phase: LogPhase | null): void
}) {
  const { phase, total, counts, onPhase } = props
  return (
    <div className="log-phases" role="group" aria-label="Phase">
      <button type="button" aria-pressed={phase === null} onClick={() => onPhase(null)}>
        All <small>{number(total)}</small>
      </button>
      {LOG_PHASES.map((each, i) => {
        const count = counts?.[i]
        return (
          <button
            key={each}
            type="button"
            aria-pressed={phase === each}
            data-none={count === 0 || undefined}
            onClick={() => onPhase(each)}
          >
            {PHASE_LABELS[each]}
            {count !== undefined && <small>{number(count)}</small>}
          </button>
        )
      })}
    </div>
  )
}
