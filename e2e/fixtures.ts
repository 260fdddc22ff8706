import { test as base, type BrowserContextOptions, type Page } from '@playwright/test'
import type { Source } from '#model/source.ts'
import type { LabDaemonOptions } from '#emulator/labdaemon/index.ts'
import { ConsoleWatch } from './helpers/console-watch.ts'
import { LabServer } from './helpers/lab-server.ts'
import { complaintsIn, RelayProcess } from './helpers/relay-process.ts'

interface Options {
  labOptions: LabDaemonOptions
}

interface Fixtures {
  /** A lab of the journey's own; it must not have been mistreated at its end. */
  lab: LabServer
  /** A relay with that lab as its source `lab`. */
  relay: RelayProcess
  /** Further relays, with flags of their own. */
  startRelay: (args: readonly string[], env?: Record<string, string>) => Promise<RelayProcess>
  /** What the pages complain of; a journey allows what it causes. */
  console: ConsoleWatch
  /** A page of another person: its own browser context. */
  another: (options?: BrowserContextOptions) => Promise<Page>
}

/** `lab`, `relay` and `page`, each for one journey alone. */
export const test = base.extend<Options & Fixtures>({
  labOptions: [{}, { option: true }],

  lab: async ({ labOptions }, give) => {
    const lab = new LabServer(labOptions)
    await lab.listen()
    await give(lab)
    await lab.close()
    base.expect(lab.violations, 'the lab was mistreated').toEqual([])
  },

  relay: async ({ lab, startRelay }, give) => {
    const relay = await startRelay(['--source', `lab=labdaemon:${lab.url}`])
    // What is started from now on was not there before: the relay knows for how long it has run.
    await base.expect
      .poll(async () => (await relay.api<{ sources: Source[] }>('/sources')).sources[0]?.tasksReadAt)
      .not.toBeNull()
    await give(relay)
    // What the end of the relay does to the lab is no part of the journey.
    lab.judge()
  },

  // oxlint-disable-next-line no-empty-pattern
  startRelay: async ({}, give) => {
    const relays: RelayProcess[] = []
    await give(async (args, env) => {
      const relay = new RelayProcess(args, env)
      relays.push(relay)
      await relay.start()
      return relay
    })
    const complaints = relays.map((relay) => complaintsIn(relay.log))
    for (const relay of relays) await relay.stop('SIGKILL')
    base.expect(complaints.join(''), 'the relay complained').toBe('')
  },

  // oxlint-disable-next-line no-empty-pattern
  console: async ({}, give) => {
    const watch = new ConsoleWatch()
    await give(watch)
    base.expect(watch.complaints, 'the page complained').toEqual([])
  },

  // Pages close before the relays end: what they say then is no complaint. The order here is that of the set-up.
  context: async ({ startRelay, console, context }, give) => {
    void startRelay
    console.watch(context)
    await give(context)
  },

  another: async ({ startRelay, browser, console, contextOptions }, give) => {
    void startRelay
    const pages: Page[] = []
    await give(async (options) => {
      const context = await browser.newContext({ ...contextOptions, ...options })
      console.watch(context)
      const page = await context.newPage()
      pages.push(page)
      return page
    })
    for (const page of pages) await page.context().close()
  },
})

export const { expect } = test
