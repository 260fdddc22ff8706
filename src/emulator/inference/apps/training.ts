import { encodePng } from '../../shared/png.ts'
import type { AppSource, Job, Work } from '../app.ts'
import { drawChart } from '../media/chart.ts'
import { encode, numberOf, textOf, tqdm } from './input.ts'

const MS_PER_STEP = 80
const LINE_EVERY = 10

interface Epoch {
  readonly epoch: number
  readonly loss: number
  readonly val_loss: number
  readonly accuracy: number
}

const green = (text: string) => `\u001b[32m${text}\u001b[0m`
const bold = (text: string) => `\u001b[1m${text}\u001b[0m`
const yellow = (text: string) => `\u001b[33m${text}\u001b[0m`

/** Long, with progress bars, colours, hundreds of lines, a table and a curve that grow. */
export const trainer: AppSource = {
  name: 'trainer',
  title: 'Trainer',
  description: 'Trains a small model of river levels, epoch by epoch.',
  category: 'other',
  input: {
    type: 'object',
    title: 'AppInput',
    required: ['dataset'],
    $defs: { Dataset: { title: 'Dataset', type: 'string', enum: ['gauges', 'gauges-large', 'synthetic'] } },
    properties: {
      dataset: { $ref: '#/$defs/Dataset', default: 'gauges' },
      epochs: { type: 'integer', title: 'Epochs', default: 10, minimum: 1, maximum: 200 },
      steps: { type: 'integer', title: 'Steps of an epoch', default: 120, minimum: 10, maximum: 2_000 },
      learning_rate: { type: 'number', title: 'Learning rate', default: 0.0003, minimum: 0 },
      resume: {
        anyOf: [{ type: 'string', format: 'file' }, { type: 'null' }],
        default: null,
        title: 'Checkpoint to go on from',
      },
    },
  },
  output: {
    type: 'object',
    title: 'AppOutput',
    properties: {
      epochs: { type: 'array', title: 'Epochs', items: { type: 'object' } },
      curve: { type: 'string', format: 'file', title: 'Loss' },
      checkpoint: { type: 'string', format: 'file', title: 'Checkpoint' },
      history: { type: 'string', format: 'file', title: 'History' },
    },
  },
  container: '6.8 GB',
  build: [
    'Step 1/4 : FROM weir/python:3.12-cuda',
    'Step 2/4 : COPY requirements.txt .',
    'Step 3/4 : RUN pip install -r requirements.txt',
    'Step 4/4 : COPY . /app',
    'Successfully built 7c1d09e4a2',
  ],
  warmUp: ['loading dataset', 'tokenising 48,212 rows', 'compiling the model'],
  usesGpu: true,
  work: function* (job: Job): Work {
    const { input, random } = job
    const count = numberOf(input, 'epochs', 10)
    const steps = numberOf(input, 'steps', 120)
    job.log(
      `${bold('trainer')} dataset=${textOf(input, 'dataset', 'gauges')} epochs=${count} lr=${numberOf(input, 'learning_rate', 0.0003)}\n`,
    )
    const epochs: Epoch[] = []
    for (let epoch = 1; epoch <= count; epoch++) {
      const floor = 0.08 + 1.6 * Math.exp((-4 * epoch) / count)
      for (let step = 1; step <= steps; step++) {
        yield MS_PER_STEP
        const loss = floor + (0.5 * Math.exp((-6 * step) / steps)) / epoch + random.normal() * 0.01
        if (step % LINE_EVERY === 0)
          job.log(
            `epoch ${epoch} step ${step} loss=${loss.toFixed(4)} grad=${random.between(0.2, 1.4).toFixed(2)}\n`,
          )
        else job.log(`${tqdm(`epoch ${epoch}/${count}`, step, steps, MS_PER_STEP)}\r`)
        if (random.next() < 0.004) job.log(`${yellow('warning')} gradient clipped at step ${step}\n`)
      }
      yield 900
      epochs.push(measure(epoch, floor, random.normal()))
      const { val_loss: loss, accuracy } = epochs.at(-1) ?? { val_loss: 0, accuracy: 0 }
      job.log(`${green('✓')} epoch ${epoch}: val_loss=${loss} accuracy=${accuracy}\n`)
      job.output({ ...resultOf(job, epochs, count), progress: Number((epoch / count).toFixed(3)) })
    }
    const checkpoint = job.file(() => new Uint8Array(64), {
      filename: 'model.safetensors',
      size: 24 * 1024 * 1024,
    })
    const history = job.file(
      () =>
        encode(
          `epoch,loss,val_loss,accuracy\n${epochs.map((each) => Object.values(each).join(',')).join('\n')}\n`,
        ),
      { filename: 'history.csv' },
    )
    return {
      ...resultOf(job, epochs, count),
      checkpoint: checkpoint.describe(),
      history: history.describe(),
      progress: 1,
    }
  },
}

function measure(epoch: number, floor: number, noise: number): Epoch {
  return {
    epoch,
    loss: Number(floor.toFixed(4)),
    val_loss: Number((floor * 1.06 + Math.abs(noise) * 0.02).toFixed(4)),
    accuracy: Number(Math.min(0.99, 1 - floor / 2.2).toFixed(4)),
  }
}

function resultOf(job: Job, epochs: readonly Epoch[], count: number) {
  const curves = [epochs.map(({ loss }) => loss), epochs.map(({ val_loss: loss }) => loss)]
  return {
    epochs: epochs.map((each) => ({ ...each })),
    curve: job.file(() => encodePng(drawChart(curves, [0, 2], count)), {
      filename: 'loss.png',
      key: `curve ${epochs.length}`,
    }),
  }
}

const LEVELS = ['\u001b[90mDEBUG\u001b[0m', 'INFO ', 'INFO ', 'INFO ', '\u001b[33mWARN \u001b[0m']

/** Nothing but log, as much as asked for. */
export const logmill: AppSource = {
  name: 'logmill',
  title: 'Log Mill',
  description: 'Writes many lines of log.',
  category: 'other',
  input: {
    type: 'object',
    title: 'AppInput',
    properties: {
      lines: { type: 'integer', title: 'Lines', default: 2_000, minimum: 1, maximum: 200_000 },
      per_second: { type: 'integer', title: 'Lines a second', default: 200, minimum: 1, maximum: 50_000 },
    },
  },
  output: { type: 'object', title: 'AppOutput', properties: { lines: { type: 'integer', title: 'Lines' } } },
  work: function* (job: Job): Work {
    const lines = numberOf(job.input, 'lines', 2_000)
    const rate = numberOf(job.input, 'per_second', 200)
    const batch = Math.max(1, Math.round(rate / 10))
    for (let line = 0; line < lines;) {
      yield (1_000 * batch) / rate
      let text = ''
      for (const end = Math.min(lines, line + batch); line < end; line++) {
        const level = LEVELS[job.random.integer(0, LEVELS.length - 1)]
        text += `${String(line + 1).padStart(6, '0')} ${level} sluice ${job.random.integer(1, 12)}: level ${job.random.between(0.2, 2.4).toFixed(3)} m, flow ${job.random.between(0.1, 9).toFixed(2)} m³/s\n`
      }
      job.log(text)
    }
    return { lines }
  },
}
