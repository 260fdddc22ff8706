import type { Reporter, Suite } from '@playwright/test/reporter'

/** Ends the run with one line that counts, for people and for machines. */
export default class CountsReporter implements Reporter {
  #suite: Suite | undefined

  printsToStdio(): boolean {
    return true
  }

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite
  }

  onEnd(): void {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    for (const test of this.#suite?.allTests() ?? []) {
      const outcome = test.outcome()
      if (outcome === 'skipped') counts.skipped++
      else if (outcome === 'expected') counts.passed++
      else counts.failed++
    }
    const { passed, failed, skipped } = counts
    console.log(`Journeys: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} not run` : ''}`)
  }
}
