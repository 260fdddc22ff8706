import { isSourceStale, type Source } from '#model/source.ts'
import type { HealthProblem } from '#protocols/weir/api.ts'
import { stateWords } from './log.ts'

/**
 * What is not well, worst first; empty when all is. The answer needs no token: it names sources and says their
 * states, and nothing that a source wrote.
 */
export function problemsOf(sources: readonly Source[]): HealthProblem[] {
  return sources.filter(isSourceStale).map(sourceProblem)
}

/** @param problem why nothing is being written, since when (ms since epoch); null while all is well */
export function recordProblems(problem: { text: string; since: number } | null): HealthProblem[] {
  return problem
    ? [{ about: 'record', name: null, since: problem.since, text: `Not written: ${problem.text}` }]
    : []
}

function sourceProblem({ name, state, since }: Source): HealthProblem {
  return { about: 'source', name, since, text: `The source ${name} ${stateWords(state)}.` }
}
