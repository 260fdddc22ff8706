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

function sourceProblem({ name, state, since }: Source): HealthProblem {
  return { about: 'source', name, since, text: `The source ${name} ${stateWords(state)}.` }
}
