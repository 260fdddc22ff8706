import type { AppSource, Job, Work } from '../app.ts'
import { textOf } from './input.ts'
import type { Value } from '../value.ts'

const SENTENCES = [
  'Above it the water is a mirror, and below it the water is a sentence.',
  'A heron stands on the sill and reads both.',
  'In spring the gauge climbs past two metres, and nobody sleeps well in the mill.',
  'The keeper writes the level down at six, as her mother did.',
  'Once a year the gates are lifted, and for a day the river remembers its old bed.',
  'Leaves arrive, turn twice and go over the edge without a sound.',
  'At night the foam keeps a little of the light.',
  'What is held back is not lost; it only waits its turn.',
]

const NARRATOR_INPUT = {
  type: 'object',
  title: 'AppInput',
  properties: { topic: { type: 'string', title: 'Topic' } },
  required: ['topic'],
}

/** Text that grows, as deltas and as outputs (the recording `task-text`). */
export const narrator: AppSource = {
  name: 'narrator',
  title: 'Narrator',
  description: 'Tells a short story, a sentence at a time.',
  category: 'text',
  id: '5ge8karc29qbx85j4n88e9ybe1',
  versionId: '7f6mej58tb8abyfk9ca427x8q5',
  updatedAt: '2026-09-28T16:20:11.25Z',
  input: NARRATOR_INPUT,
  output: {
    type: 'object',
    title: 'AppOutput',
    properties: {
      text: { type: 'string', title: 'Text' },
      progress: { type: 'number', title: 'Progress', minimum: 0, maximum: 1 },
    },
  },
  work: function* (job: Job): Work {
    const topic = textOf(job.input, 'topic', 'a weir')
    const opening = `${topic.slice(0, 1).toUpperCase()}${topic.slice(1)} holds the river just long enough to hear it.`
    const pieces = piecesOf([opening, ...SENTENCES].join(' '))
    let text = ''
    for (const [index, piece] of pieces.entries()) {
      yield job.random.integer(60, 140)
      job.delta({ response: piece })
      text += piece
      if (index % 6 === 5) job.output({ text, progress: Number(((index + 1) / pieces.length).toFixed(2)) })
    }
    yield 200
    const words = text.split(' ').length
    return {
      text,
      progress: 1,
      words,
      score: 0.93,
      ok: true,
      tags: ['river', 'sound'],
      detail: { tone: 'calm', lines: [1, 2, 3] },
    }
  },
}

const REASONING = [
  'The question is about flow over a sharp crest. ',
  'Francis: Q = 1.84 · b · h^1.5, with h well upstream of the crest. ',
  'The crest is 4 m wide; the gauge says 0.31 m. ',
  'That gives about 1.27 m³/s; end contractions take some 2 % away. ',
  'An answer with one decimal is honest.',
]

const ANSWER = `About **1.2 m³/s**.

| quantity | value |
| --- | --- |
| width | 4.0 m |
| head | 0.31 m |
| flow | 1.2 m³/s |

Measure the head at least four heads upstream, and mind the *contractions*.`

/** A language model: reasoning, tool arguments, answer and usage as deltas (§6, LLMDelta). */
export const oracle: AppSource = {
  name: 'oracle',
  title: 'Oracle',
  description: 'Thinks aloud about water, calls a tool and answers in Markdown.',
  category: 'chat',
  input: {
    type: 'object',
    title: 'LLMInput',
    required: ['text'],
    properties: {
      text: { type: 'string', title: 'Question', examples: ['How much water goes over the weir?'] },
      system_prompt: { type: 'string', title: 'System prompt', default: '' },
      temperature: { type: 'number', title: 'Temperature', default: 0.7, minimum: 0, maximum: 2 },
      tools: { type: 'boolean', title: 'May call tools', default: true },
    },
  },
  output: {
    type: 'object',
    title: 'LLMOutput',
    properties: {
      response: { type: 'string', title: 'Response' },
      reasoning: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null, title: 'Reasoning' },
      usage: { type: 'object', title: 'Usage' },
      tool_calls: { type: 'array', title: 'Tool calls', items: { type: 'object' } },
    },
  },
  work: function* (job: Job): Work {
    for (const piece of REASONING.flatMap(piecesOf)) {
      yield job.random.integer(30, 80)
      job.delta({ reasoning: piece })
    }
    const toolCalls: Value[] = []
    if (job.input.tools === true) {
      const id = 'call_gauge_1'
      const call = (fn: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) =>
        job.delta({ tool_calls: [{ index: 0, ...more, function: fn }] })
      call({ name: 'read_gauge', arguments: '' }, { id, type: 'function' })
      for (const part of ['{"station":', '"lower we', 'ir","unit":"m"}']) {
        yield 120
        call({ arguments: part })
      }
      const args = { station: 'lower weir', unit: 'm' }
      toolCalls.push({ index: 0, id, type: 'function', function: { name: 'read_gauge', arguments: args } })
    }
    let response = ''
    for (const piece of piecesOf(ANSWER)) {
      yield job.random.integer(25, 70)
      job.delta({ response: piece })
      response += piece
    }
    const usage = { prompt_tokens: 212, completion_tokens: 164, total_tokens: 376, tokens_per_second: 21.4 }
    job.delta({ usage })
    yield 100
    return { response, reasoning: REASONING.join(''), usage, tool_calls: toolCalls }
  },
}

/** Short and reliable: what agents call. */
export const helper: AppSource = {
  name: 'helper',
  title: 'Helper',
  description: 'Reads the gauge of a weir.',
  category: 'other',
  input: {
    type: 'object',
    title: 'AppInput',
    properties: { station: { type: 'string', title: 'Station', default: 'lower weir' } },
  },
  output: {
    type: 'object',
    title: 'AppOutput',
    properties: { station: { type: 'string' }, metres: { type: 'number' } },
  },
  work: function* (job: Job): Work {
    const station = textOf(job.input, 'station', 'lower weir')
    job.log(`asking ${station}\n`)
    yield 700
    return { station, metres: Number(job.random.between(0.2, 2.4).toFixed(2)) }
  },
}

function piecesOf(text: string): string[] {
  return text.match(/\S+\s*/g) ?? []
}
