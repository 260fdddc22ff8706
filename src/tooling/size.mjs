// Size of the first load: what index.html asks for, and what these modules import at once, gzipped.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const LIMIT_KB = 150
const root = 'dist/page'
const html = readFileSync(join(root, 'index.html'), 'utf8')
const names = new Set([...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map((match) => match[1]))
for (const name of names)
  for (const match of readFileSync(join(root, name), 'utf8').matchAll(/(?:from|import)\s*"(\.\/[^"]+\.js)"/g))
    names.add(join('/assets', match[1]))

let total = 0
for (const name of names) {
  const size = gzipSync(readFileSync(join(root, name))).length
  total += size
  console.log(`${(size / 1000).toFixed(1).padStart(7)} kB  ${name}`)
}
console.log(
  `${(total / 1000).toFixed(1).padStart(7)} kB  JavaScript of the first load, gzipped (at most ${LIMIT_KB} kB)`,
)
if (total > LIMIT_KB * 1000) {
  console.error('The first load is too large.')
  process.exit(1)
}
