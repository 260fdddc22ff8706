// Runs of inference.sh: a hundred of one batch streaming at once, and the time from what the service sends to pixels.
import { sleep } from '../child.mjs'
import { measure, profiled, quantile, settled, withPage } from '../measure.mjs'
import { findStreams, readLogTotals, takeShown, watchShown } from '../weir-page.mjs'
import { withInference } from '../with-inference.mjs'

const BATCH = 100
/** Changes per second of each run; each is a line of log, progress and an output. */
const RATES = [5, 20]
/** Their changes keep no step with any tick of the page or the relay. */
const WATCHED = { runs: 8, rate: 7 }
const WARM_UP_MS = 3_000
/** Nine columns of cards, about half of the batch. */
const GRID = { width: 2_500, height: 1_330 }
const TASK = { width: 1_280, height: 1_160 }

export function runCases({ secs, dist, keepProfile }) {
  const pixels = (name, run) => ({ group: 'runs: to pixels', name, run })
  return [
    ...[0, ...RATES].map((rate) => {
      const name = `batch of ${BATCH} @ ${rate}/s each`
      const window = (page) => profiled(keepProfile, name, page, () => sleep(secs * 1000))
      return {
        group: 'runs',
        name,
        run: () =>
          withBatch(dist, keepProfile, BATCH, GRID, ({ source, relay, page }) =>
            streamAll(source, relay, page, rate, window),
          ),
      }
    }),
    pixels('card of a batch', () =>
      withBatch(dist, null, WATCHED.runs, GRID, ({ source, page, ids }) =>
        toPixels(source, page, ids[0], `[data-key="bench/${ids[0]}"]`, secs),
      ),
    ),
    ...['output', 'log'].map((tab) =>
      pixels(`${tab} of the task page`, () =>
        withBatch(dist, null, WATCHED.runs, TASK, async ({ source, relay, page, ids }) => {
          await page.goto(`${relay.url}/tasks/bench/${ids[0]}?tab=${tab}`)
          return toPixels(source, page, ids[0], tab === 'log' ? '[role=log]' : '[role=tabpanel]', secs)
        }),
      ),
    ),
  ]
}

/** A batch whose runs are all followed, shown on its page. */
function withBatch(dist, keepProfile, count, size, work) {
  return withInference(dist, 0, { keepProfile }, async (source, relay) => {
    const answer = await fetch(`${relay.url}/api/batches/bench`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'bench/stream',
        name: 'bench',
        concurrency: count,
        inputs: Array.from({ length: count }, (_, seed) => ({ seed })),
      }),
    })
    if (!answer.ok) throw new Error(`the batch was refused: ${await answer.text()}`)
    const { batch } = await answer.json()
    return withPage(`${relay.url}/batches/${batch.id}`, size, async (page) => {
      await page.until(findStreams)
      await page.until(allRunning, count)
      const { ids } = await source.ask({ stats: true })
      return work({ source, relay, page, ids })
    })
  })
}

function allRunning(count) {
  let running = 0
  for (const task of window.benchStreams.list('tasks').store.getState().items.values())
    if (task.status === 'running' && task.stream.name === 'open') running += 1
  return running >= count
}

async function streamAll(source, relay, page, rate, window) {
  const read = () => page.evaluate(readLogTotals)
  await source.ask({ rate })
  await sleep(WARM_UP_MS)
  const before = await read()
  const sentBefore = await source.ask({ stats: true })
  const result = await measure(page, { source: source.pid, relay: relay.pid }, () => window(page))
  const sentAfter = await source.ask({ stats: true })
  const after = await read()
  await source.ask({ rate: 0 })
  const { sent, opened, ids } = await source.ask({ stats: true })
  const { count } = await settled(async () => (await read()).lines, sent)
  return {
    onScreen: await page.evaluate(cardsOnScreen),
    connections: await page.evaluate(() => window.benchOpened),
    upstreamsPerRun: opened / ids.length,
    offeredPerS: ((sentAfter.sent - sentBefore.sent) * 1000) / (sentAfter.at - sentBefore.at),
    linesPerS: (after.lines - before.lines) / result.seconds,
    lostLines: sent - count,
    ...result.figures,
  }
}

function cardsOnScreen() {
  return [...document.querySelectorAll('article[data-task-status]')].filter((card) => {
    const { top, bottom } = card.getBoundingClientRect()
    return top >= 0 && bottom <= innerHeight + 1
  }).length
}

/** How long each change took from the service's write until a frame showed it, or one that is newer. */
async function toPixels(source, page, id, selector, secs) {
  await source.ask({ rate: WATCHED.rate })
  await page.until(
    (selector) => /t=\d{13}/.test(document.querySelector(selector)?.textContent ?? ''),
    selector,
  )
  await sleep(WARM_UP_MS)
  const begun = Date.now()
  const { figures } = await measure(page, {}, async () => {
    await page.evaluate(watchShown, selector)
    await sleep(secs * 1000)
  })
  const shown = await page.evaluate(takeShown)
  const { times } = await source.ask({ times: id })
  const last = shown.at(-1)?.t ?? 0
  const waits = times
    .filter((t) => t >= begun && t <= last)
    .map((t) => shown.find((each) => each.t >= t).at - t)
  const { fps, frameP95, othersCpuPct } = figures
  return {
    changes: waits.length,
    toPixelsP50: quantile(waits, 0.5),
    toPixelsP95: quantile(waits, 0.95),
    fps,
    frameP95,
    othersCpuPct,
  }
}
