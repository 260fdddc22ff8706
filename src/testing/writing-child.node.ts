import { SqliteStore } from '#relay/node/sqlite/sqlite-store.ts'
import { storeBatch, storeRow } from './store-model.ts'

/*
 * A program that writes a record until it is killed, and says the number of each batch once it is written. Batch n
 * has one entry, two lines, the second of which the next one replaces by two, three samples and a state.
 */

const store = new SqliteStore({ directory: process.argv[2]! })
const { address } = storeRow('a')
for (let n = (await store.open()).last + 1; ; n++) {
  const texts = [`line ${n} ${'·'.repeat(n % 100)}`, `${n} of many`]
  await store.write(
    storeBatch({
      at: n,
      last: n,
      rows: [storeRow('a', { json: JSON.stringify({ n }) })],
      events: [
        { address, n, at: n, count: 1, json: JSON.stringify({ n, text: 'x'.repeat(500 + (n % 900)) }) },
      ],
      lines: [{ address, first: n - 1, at: [n, n], kinds: [0, 0], texts }],
      samples: [
        {
          address,
          channel: 'x',
          times: null,
          t0: n,
          dt: 0.25,
          values: Float64Array.of(n, n, n),
          breaks: false,
        },
      ],
      states: [{ address, channel: 'mode', t: [n], v: [n % 2 === 0] }],
      checkpoints: n % 50 === 0 ? [{ address, n, json: JSON.stringify({ n }) }] : [],
    }),
  )
  process.stdout.write(`${n}\n`)
}
