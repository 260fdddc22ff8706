// What a process costs for each event, and two sides of a comparison in turns.
import { sleep } from './child.mjs'
import { bytesToDisk, cpuOf, cpuOfMainThread, measureCpu, memoryOf } from './machine.mjs'
import { sizeOfRecord } from './record-folder.mjs'

/** Sides take turns, so that what the machine does meanwhile is shared. */
const TURNS = 2

/**
 * @param process its `pid`; of a relay that is probed, `ask`; of one that keeps its record on disk, `data`
 * @param count how many events there were, asked at the begin and at the end
 */
export async function costOf({ pid, ask, data }, secs, count) {
  const read = async () => ({
    events: await count(),
    at: performance.now(),
    cpu: cpuOf(pid),
    main: cpuOfMainThread(pid),
    written: bytesToDisk(pid),
    kept: data ? sizeOfRecord(data) : 0,
  })
  await ask?.({ delay: 'begin' })
  const end = measureCpu({})
  const before = await read()
  await sleep(secs * 1000)
  const after = await read()
  const { others } = end()
  const delay = await ask?.({ delay: 'end' })
  const events = after.events - before.events
  return {
    events,
    eventsPerS: (events * 1000) / (after.at - before.at),
    us: ((after.cpu - before.cpu) * 1e6) / events,
    mainUs: ((after.main - before.main) * 1e6) / events,
    writtenBytes: (after.written - before.written) / events,
    keptBytes: (after.kept - before.kept) / events,
    rssMB: memoryOf(pid),
    ...(delay ? { delayP99: delay.p99 } : {}),
    others,
  }
}

/** Runs each side in turn. @returns of each the mean of its figures, and the most that others used of a core */
export async function inTurns(...sides) {
  const figures = sides.map(() => [])
  for (let turn = 0; turn < TURNS; turn++)
    for (const [k, run] of sides.entries()) figures[k].push(await run())
  const others = Math.max(...figures.flat().map((each) => each.others))
  return [...figures.map(means), others]
}

function means(runs) {
  const mean = (name) => runs.reduce((sum, run) => sum + run[name], 0) / runs.length
  return Object.fromEntries(Object.keys(runs[0]).map((name) => [name, mean(name)]))
}
