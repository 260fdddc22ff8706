import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { GROWING } from './heap.ts'

test('this Node knows what it is asked to collect by', () => {
  const { status, stderr } = spawnSync(process.execPath, [GROWING, '-e', ''])
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' })
})
