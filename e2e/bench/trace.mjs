// What the main thread of a page did, by kind of work, own time only: for what a CPU profile calls "(program)".

/** Records the browser's own trace while `during` runs; returns its events. */
export async function trace(browser, during) {
  const events = []
  const done = new Promise((resolve) => {
    browser.onEvent = ({ method, params }) => {
      if (method === 'Tracing.dataCollected') events.push(...params.value)
      else if (method === 'Tracing.tracingComplete') resolve()
    }
  })
  await browser.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: [
        'devtools.timeline',
        'disabled-by-default-devtools.timeline',
        'blink',
        'cc',
        'toplevel',
      ],
    },
  })
  await during()
  await browser.send('Tracing.end')
  await done
  return events
}

/** Own milliseconds per second of the named work on the busiest renderer main thread. */
export function ownTimes(events, most) {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
  let best = ''
  let bestTotal = -1
  for (const { pid, tid } of mains) {
    const spans = events
      .filter((event) => event.ph === 'X' && event.pid === pid && event.tid === tid)
      .sort((a, b) => a.ts - b.ts || b.dur - a.dur)
    const own = new Map()
    const stack = []
    let total = 0
    for (const span of spans) {
      while (stack.length > 0 && stack.at(-1).ts + stack.at(-1).dur <= span.ts) stack.pop()
      const parent = stack.at(-1)
      const dur = span.tdur ?? span.dur
      if (parent) own.set(parent.name, own.get(parent.name) - dur)
      else total += dur
      own.set(span.name, (own.get(span.name) ?? 0) + dur)
      stack.push(span)
    }
    if (total <= bestTotal || spans.length === 0) continue
    bestTotal = total
    const seconds = (spans.at(-1).ts - spans[0].ts) / 1e6
    best = [...own]
      .sort((a, b) => b[1] - a[1])
      .slice(0, most)
      .map(([name, time]) => `${(time / 1000 / seconds).toFixed(1).padStart(7)} ms/s  ${name}`)
      .join('\n')
  }
  return best
}
