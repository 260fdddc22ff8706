// node e2e/bench/hot-spots.mjs FILE.cpuprofile [N]: the functions of a CPU profile that took the most time themselves.
import { readFileSync } from 'node:fs'

export function hotSpots(profile, most) {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]))
  const own = new Map()
  let all = 0
  profile.samples.forEach((id, k) => {
    const { functionName, url, lineNumber } = byId.get(id).callFrame
    const where = url ? ` ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}` : ''
    const name = `${functionName || '(anonymous)'}${where}`
    const time = profile.timeDeltas[k]
    all += time
    own.set(name, (own.get(name) ?? 0) + time)
  })
  return [...own]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([name, time]) => `${((time / all) * 100).toFixed(1).padStart(6)} %  ${name}`)
    .join('\n')
}

if (process.argv[1] === import.meta.filename)
  console.log(hotSpots(JSON.parse(readFileSync(process.argv[2], 'utf8')), Number(process.argv[3] ?? 30)))
