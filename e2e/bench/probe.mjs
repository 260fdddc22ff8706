// Loaded into a relay before its own program (`node --import`): tells the bench what only the process itself knows,
// how late its main thread is and, when asked, what takes its time. {delay: 'begin' | 'end'} and
// {profile: 'begin' | 'end'}.
import { Session } from 'node:inspector/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const RESOLUTION_MS = 5
const SAMPLING_US = 250

function answerFrom(delay, session) {
  return {
    async delay(what) {
      if (what === 'begin') delay.reset()
      // Each value is the time between two looks.
      const past = (ns) => Math.max(0, ns / 1e6 - RESOLUTION_MS)
      return { p50: past(delay.percentile(50)), p99: past(delay.percentile(99)), max: past(delay.max) }
    },
    async profile(what) {
      if (what === 'end') return session.post('Profiler.stop')
      session.connect()
      await session.post('Profiler.enable')
      await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_US })
      return session.post('Profiler.start')
    },
  }
}

if (isMainThread && process.send) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  const answers = answerFrom(delay, new Session())
  process.on('message', (message) => {
    const [[name, what]] = Object.entries(message)
    void answers[name](what).then((answer) => process.send(answer ?? {}))
  })
  process.channel.unref()
}
