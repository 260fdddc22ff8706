import { isSourceStale, type Source } from '#model/source.ts'
import type { HealthProblem } from '#protocols/weir/api.ts'
import { stateWords } from './log.ts'
import type { Keeper } from './record/keeper.ts'

const BEHIND =
  'Written too slowly: what Weir hears waits in memory until the disk is ready. It may be busy, or too slow for this much.'

/**
 * What is not well, worst first; empty when all is. The answer needs no token: it names sources and says their
 * states, and nothing that a source wrote.
 */
export function problemsOf(sources: readonly Source[]): HealthProblem[] {
  return sources.filter(isSourceStale).map(sourceProblem)
}

/** What is not well with the record: it is not written, or too slowly. */
export function recordProblems({
  problem,
  behindSince,
}: Pick<Keeper, 'problem' | 'behindSince'>): HealthProblem[] {
  if (problem !== null) return [recordProblem(problem.since, `Not written: ${problem.text}`)]
  return behindSince === null ? [] : [recordProblem(behindSince, BEHIND)]
}

function recordProblem(since: number, text: string): HealthProblem {
  return { about: 'record', name: null, since, text }
}

function sourceProblem({ name, state, since }: Source): HealthProblem {
  return { about: 'source', name, since, text: `The source ${name} ${stateWords(state)}.` }
}
