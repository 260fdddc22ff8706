import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reduceLatest, type CommandNews, type LatestCommand } from './latest-command.ts'
import type { Refusal } from './refusal.ts'

const refused: Refusal = { outcome: 'refused', type: 'TaskError', message: 'no', owner: null }
const fold = (news: readonly CommandNews<string>[]) =>
  news.reduce<LatestCommand<string> | undefined>(reduceLatest, undefined)

test('a Pause that is answered late wipes nothing that is said of Cancel', () => {
  const sent = [
    { k: 'sent', n: 1, verb: 'pause' },
    { k: 'sent', n: 2, verb: 'cancel' },
  ] as const
  const said = { n: 2, verb: 'cancel', refusal: null }
  for (const refusal of [null, refused])
    expect(fold([...sent, { k: 'answered', n: 1, refusal }])).toEqual(said)
  expect(
    fold([...sent, { k: 'answered', n: 2, refusal: refused }, { k: 'answered', n: 1, refusal: null }]),
  ).toEqual({ ...said, refusal: refused })
})

test('nothing is said of what was dismissed', () => {
  const sent = { k: 'sent', n: 1, verb: 'pause' } as const
  expect(fold([sent, { k: 'dismissed' }, { k: 'answered', n: 1, refusal: refused }])).toBeUndefined()
})

/** Commands with their answers; undefined: it never comes. */
const commands = fc.array(
  fc.record({
    verb: fc.constantFrom('pause', 'resume', 'cancel'),
    answer: fc.constantFrom<(Refusal | null | undefined)[]>(null, refused, undefined, {
      ...refused,
      outcome: 'not-answered',
    }),
  }),
  { minLength: 1, maxLength: 6 },
)

test('late, lost and doubled answers in any order end in the words of those in order', () => {
  fc.assert(
    fc.property(commands, fc.infiniteStream(fc.nat()), fc.array(fc.nat(5)), (all, order, twice) => {
      const sent = all.map(({ verb }, n): CommandNews<string> => ({ k: 'sent', n, verb }))
      const answers = all.flatMap(({ answer }, n): CommandNews<string>[] =>
        answer === undefined ? [] : [{ k: 'answered', n, refusal: answer }],
      )
      const inOrder = fold(
        all.flatMap((_, n) => [sent[n]!, ...answers.filter((news) => news.k === 'answered' && news.n === n)]),
      )
      // An answer comes after its own command; where the next commands stand among them is any.
      const doubled = [...answers, ...twice.flatMap((i) => answers[i] ?? [])]
      const left = [...doubled]
      const mixed = sent.flatMap((each, n) => {
        const now: CommandNews<string>[] = [each]
        for (let i = left.length - 1; i >= 0; i--) {
          const news = left[i]!
          const may = news.k === 'answered' && news.n <= n
          if (may && order.next().value % 2 === 0) now.push(...left.splice(i, 1))
        }
        return now
      })
      expect(fold([...mixed, ...left.reverse()])).toEqual(inOrder)
    }),
  )
})
