import { encodePng } from '../../shared/png.ts'
import type { AppSource, Job, Work } from '../app.ts'
import type { CloudFile } from '../cloud-file.ts'
import { paintLandscape } from '../media/landscape.ts'
import { numberOf, textOf, tqdm } from './input.ts'

const SIZES: Readonly<Record<string, readonly [width: number, height: number]>> = {
  square: [384, 384],
  wide: [512, 288],
  tall: [288, 512],
}

const MS_PER_STEP = 160

const FILE = { type: 'string', format: 'file' }

const INPUT = {
  type: 'object',
  title: 'AppInput',
  description: 'What to paint.',
  required: ['prompt'],
  $defs: { Size: { title: 'Size', type: 'string', enum: ['square', 'wide', 'tall'] } },
  properties: {
    prompt: {
      type: 'string',
      title: 'Prompt',
      description: 'What the picture shows.',
      examples: ['a weir at dawn, long exposure'],
    },
    size: { $ref: '#/$defs/Size', default: 'wide', description: 'Shape of the picture.' },
    steps: { type: 'integer', title: 'Steps', default: 28, minimum: 1, maximum: 60 },
    guidance: { type: 'number', title: 'Guidance', default: 3.5, minimum: 0, maximum: 20 },
    seed: {
      anyOf: [{ type: 'integer', minimum: 0, maximum: 2_147_483_647 }, { type: 'null' }],
      default: null,
      title: 'Seed',
      description: 'Leave empty for a random one.',
    },
    reference: {
      anyOf: [FILE, { type: 'null' }],
      default: null,
      title: 'Reference',
      description: 'A picture to start from.',
    },
    masks: { type: 'array', title: 'Masks', maxItems: 5, items: FILE, default: [] },
    upscale: { type: 'boolean', title: 'Upscale', default: false },
  },
}

const OUTPUT = {
  type: 'object',
  title: 'AppOutput',
  required: ['image'],
  properties: {
    image: { ...FILE, title: 'Image', description: 'The picture.' },
    seed: { type: 'integer', title: 'Seed' },
  },
}

/** One picture that becomes sharper (the recording `task-image`). */
export const landscape: AppSource = {
  name: 'landscape',
  title: 'Landscape',
  description: 'Paints one landscape from a prompt.',
  category: 'image',
  id: '4g6zc8amrweaweyx61w84r2bkv',
  versionId: '1f7j00an851nkb1emma8ayv9f2',
  updatedAt: '2026-09-28T16:20:11.25Z',
  input: INPUT,
  output: OUTPUT,
  functions: { run: { description: 'Paint one picture.', input: INPUT, output: OUTPUT } },
  container: '2.1 GB',
  warmUp: ['loading weights: flux-mini, bf16', 'warm-up: 1 step in 0.31 s'],
  usesGpu: true,
  work: function* (job: Job): Work {
    const { input, random } = job
    const prompt = textOf(input, 'prompt', 'a weir')
    const steps = Math.round(numberOf(input, 'steps', 28))
    const seed = numberOf(input, 'seed', random.integer(0, 99_999))
    const picture = (step: number) => paint(job, prompt, seed, step / steps)
    job.log(`prompt: ${prompt}\nseed ${seed}, ${steps} steps\n`)
    for (let step = 0; step <= steps; step++) {
      job.log(`${tqdm('paint', step, steps, MS_PER_STEP)}${step < steps ? '\r' : '\n'}`)
      if (step === steps) break
      if (step > 0 && step % Math.ceil(steps / 7) === 0) job.output({ image: picture(step), seed })
      yield MS_PER_STEP
    }
    if (input.upscale === true) {
      job.log('upscaling × 2\n')
      yield 900
    }
    job.log('\u001b[33mwarning\u001b[0m: négatif prompt is empty, using “none” ☂\n')
    return { image: picture(steps), seed }
  },
}

function paint(job: Job, prompt: string, seed: number, progress: number): CloudFile {
  const [width, height] = SIZES[textOf(job.input, 'size', 'wide')] ?? [512, 288]
  const scale = job.input.upscale === true && progress === 1 ? 2 : 1
  return job.file(
    () => encodePng(paintLandscape({ width: width * scale, height: height * scale, prompt, seed, progress })),
    { filename: 'landscape.png', key: `picture ${progress}` },
  )
}

/** Several pictures that come one after another: a gallery. */
export const atlas: AppSource = {
  name: 'atlas',
  title: 'Atlas',
  description: 'Paints the same place in several moods, one picture after another.',
  category: 'image',
  input: {
    type: 'object',
    title: 'AppInput',
    required: ['place'],
    properties: {
      place: { type: 'string', title: 'Place', examples: ['a weir'] },
      count: { type: 'integer', title: 'Pictures', default: 5, minimum: 1, maximum: 12 },
      seed: { anyOf: [{ type: 'integer' }, { type: 'null' }], default: null, title: 'Seed' },
    },
  },
  output: {
    type: 'object',
    title: 'AppOutput',
    properties: {
      pictures: { type: 'array', title: 'Pictures', items: FILE },
      progress: { type: 'number', title: 'Progress', minimum: 0, maximum: 1 },
    },
  },
  container: '2.1 GB',
  warmUp: ['loading weights: flux-mini, bf16'],
  usesGpu: true,
  work: function* (job: Job): Work {
    const place = textOf(job.input, 'place', 'a weir')
    const count = numberOf(job.input, 'count', 5)
    const seed = numberOf(job.input, 'seed', job.random.integer(0, 99_999))
    const moods = ['at dawn', 'at noon', 'at dusk', 'by night', 'in a storm']
    const pictures: CloudFile[] = []
    for (let index = 0; index < count; index++) {
      const prompt = `${place} ${moods[index % moods.length]}`
      job.log(`[${index + 1}/${count}] ${prompt}\n`)
      yield 1_600
      const scene = { width: 384, height: 216, prompt, seed: seed + index, progress: 1 }
      pictures.push(
        job.file(() => encodePng(paintLandscape(scene)), {
          filename: `${index + 1}.png`,
          key: `atlas ${index}`,
        }),
      )
      job.output({ pictures: [...pictures], progress: (index + 1) / count })
    }
    return { pictures: [...pictures], progress: 1 }
  },
}
