// Processes of the bench: each is told apart by its pid, answers one message at a time and ends with us.
import { fork, spawn } from 'node:child_process'

/** Starts one of our own scripts. */
export function startHelper(url, execArgv = []) {
  const child = fork(url, [], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return {
    pid: child.pid,
    /** Sends a message and waits for the answer. */
    ask: askOf(child),
    stop() {
      if (child.connected) child.disconnect()
    },
  }
}

/** A question to a child process, answered by its next message. */
function askOf(child) {
  return (message) =>
    new Promise((resolve, reject) => {
      const gone = () => reject(new Error('a process of the bench has ended'))
      child.once('exit', gone)
      child.once('message', (answer) => {
        child.off('exit', gone)
        resolve(answer)
      })
      child.send(message)
    })
}

/**
 * Starts the shipped relay for a source (`labdaemon` or `inference`) and waits until it serves.
 * @param how `keepProfile`: where it leaves a CPU profile; `more`: further sources; `data`: the folder of its record;
 * `probed`: it answers what probe.mjs can say, through `ask`
 */
export async function startRelay(
  dist,
  sourcePort,
  { kind = 'labdaemon', keepProfile, more = [], data = 'none', probed = false } = {},
) {
  const execArgv = [
    ...(keepProfile ? ['--cpu-prof', `--cpu-prof-dir=${keepProfile.folder}`] : []),
    ...(probed ? ['--import', new URL('./probe.mjs', import.meta.url).href] : []),
  ]
  const source = `bench=${kind}:http://127.0.0.1:${sourcePort}`
  const child = spawn(
    process.execPath,
    [
      ...execArgv,
      `${dist}/server/relay.js`,
      '--port',
      '0',
      ...[source, ...more].flatMap((each) => ['--source', each]),
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit', ...(probed ? ['ipc'] : [])],
      env: { ...process.env, WEIR_DATA: data, INFERENCE_API_KEY: 'inf_bench' },
    },
  )
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const url = await new Promise((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (data) => {
      said += String(data)
      const match = /http:\/\/\S+/.exec(said)
      if (match) resolve(match[0].replace(/\/$/, ''))
    })
    void gone.then(() => reject(new Error(`the relay has ended: ${said}`)))
  })
  return {
    pid: child.pid,
    url,
    ask: probed ? askOf(child) : undefined,
    data: data === 'none' ? undefined : data,
    /** At once; a profile is written only by a relay that leaves its streams in good order. */
    async stop() {
      child.kill(keepProfile ? 'SIGTERM' : 'SIGKILL')
      await gone
    },
  }
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
