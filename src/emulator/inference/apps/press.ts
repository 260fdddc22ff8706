import { encodePng } from '../../shared/png.ts'
import type { AppSource, Job, Work } from '../app.ts'
import { SignedUrl } from '../cloud-file.ts'
import { encodeGif } from '../media/gif.ts'
import { paintLandscape } from '../media/landscape.ts'
import { writePdf } from '../media/pdf.ts'
import { animateTide } from '../media/tide.ts'
import { encodeWav } from '../media/wav.ts'
import { encode, textOf } from './input.ts'

const ARTICLE = `# The lower weir

Built in **1838**, raised twice, and still the best seat in the valley.

- sill of oak, 4 m wide
- gauge on the left bank
- otters, sometimes

> Holds the river just long enough to hear it.

See [the river](https://example.org/river).
`

const CAPTION =
  '# Weir\n\nA *small* dam. See [the river](https://example.org/river).\n\n| depth | m |\n| --- | --- |\n| mean | 1.2 |'

const FILE = { type: 'string', format: 'file' }

/** Files of every kind, in every form that outputs have them (the recording `task-files`). */
export const press: AppSource = {
  name: 'press',
  title: 'Press Kit',
  description: 'Makes an image, a clip, a jingle, a text and a data file.',
  category: 'other',
  id: '0tqh3qxgx6q4rzfv6fm2rh00ts',
  versionId: '40gawr8x6n6r30asvp29qym1x8',
  updatedAt: '2026-09-28T16:20:11.25Z',
  input: {
    type: 'object',
    title: 'AppInput',
    required: ['title'],
    properties: { title: { type: 'string', title: 'Title' } },
  },
  output: {
    type: 'object',
    title: 'AppOutput',
    properties: {
      image: { ...FILE, title: 'Image' },
      gallery: { type: 'array', title: 'Gallery', items: FILE },
      video: { ...FILE, title: 'Clip' },
      jingle: { ...FILE, title: 'Jingle' },
      article: { ...FILE, title: 'Article' },
      notes: { ...FILE, title: 'Notes' },
      data: { ...FILE, title: 'Data' },
      report: { ...FILE, title: 'Report' },
      weights: { ...FILE, title: 'Weights' },
      signed: { ...FILE, title: 'Signed link' },
      caption: { type: 'string', title: 'Caption' },
      metrics: { type: 'object', title: 'Metrics' },
    },
  },
  work: function* (job: Job): Work {
    const title = textOf(job.input, 'title', 'Weir')
    const seed = job.random.integer(0, 99_999)
    const picture = (name: string, prompt: string) =>
      job.file(() => encodePng(paintLandscape({ width: 320, height: 180, prompt, seed, progress: 1 })), {
        filename: `${name}.png`,
        key: name,
      })
    const image = picture('weir', title)
    job.log('painting\n')
    yield 2_000
    job.output({ image })
    job.log('cutting the clip\n')
    yield 1_700
    const video = job.file(() => encodeGif(animateTide(seed, 16, 16)), { filename: 'weir.gif' })
    job.output({ image, video: video.describe() })
    job.log('writing and ringing\n')
    yield 1_600
    const data = { title, seed, depths: [1.1, 1.2, 1.4, 1.2], unit: 'm' }
    return {
      image,
      gallery: [picture('weir-1', `${title} at night`), picture('weir-2', `${title} at dusk`).describe()],
      video: video.describe(),
      jingle: job.file(() => jingle(seed), { filename: 'jingle.wav' }).describe(),
      article: job.file(() => encode(ARTICLE), { filename: 'article.md' }).describe(),
      notes: job
        .file(() => encode(`${title}\nsill: 4 m\ngauge: left bank\n`), { filename: 'notes.txt' })
        .describe(),
      data: job
        .file(() => encode(`${JSON.stringify(data, null, 2)}\n`), { filename: 'data.json' })
        .describe(),
      report: job
        .file(() => writePdf([title, 'Report of the lower weir']), { filename: 'report.pdf' })
        .describe(),
      weights: {
        uri: job.file(() => new Uint8Array(4_096), { filename: 'weir.safetensors' }),
      },
      signed: new SignedUrl(
        picture('signed', `${title} in fog`),
        '?X-Amz-Expires=900&X-Amz-Signature=0f0f#frag',
      ),
      caption: CAPTION,
      metrics: {
        psnr: 31.7,
        ssim: 0.942,
        frames: [
          { n: 0, t: 0 },
          { n: 1, t: 0.041708 },
        ],
        published: false,
        missing: null,
      },
      empty_list: [],
      empty_text: '',
      zero: 0,
    }
  },
}

function jingle(seed: number): Uint8Array<ArrayBuffer> {
  const scale = [392, 440, 494, 587, 659, 784]
  const notes = Array.from({ length: 8 }, (_, index) => ({
    at: index * 0.28,
    hertz: scale[(seed + index * index * 3) % scale.length] ?? 440,
    seconds: 1.4,
  }))
  return encodeWav(notes, 4)
}

/** An animation that grows by frames. */
export const tide: AppSource = {
  name: 'tide',
  title: 'Tide',
  description: 'Animates water in a narrow channel.',
  category: 'video',
  input: {
    type: 'object',
    title: 'AppInput',
    properties: {
      frames: { type: 'integer', title: 'Frames', default: 16, minimum: 4, maximum: 48 },
      seed: { type: 'integer', title: 'Seed', default: 7 },
    },
  },
  output: {
    type: 'object',
    title: 'AppOutput',
    required: ['clip'],
    properties: { clip: { ...FILE, title: 'Clip' }, frames: { type: 'integer', title: 'Frames' } },
  },
  container: '640 MB',
  warmUp: ['compiling shaders'],
  usesGpu: true,
  work: function* (job: Job): Work {
    const total = Number(job.input.frames ?? 16)
    const seed = Number(job.input.seed ?? 7)
    const clip = (frames: number) =>
      job.file(() => encodeGif(animateTide(seed, frames, total)), {
        filename: 'tide.gif',
        key: `clip ${frames}`,
      })
    for (let frame = 1; frame <= total; frame++) {
      yield 350
      job.log(`frame ${frame} of ${total}\n`)
      if (frame % 4 === 0 && frame < total) job.output({ clip: clip(frame), frames: frame })
    }
    return { clip: clip(total), frames: total }
  },
}

const MELODIES: Readonly<Record<string, readonly number[]>> = {
  lock: [0, 2, 4, 7, 4, 2],
  bell: [0, 7, 12, 7, 0],
  alarm: [12, 0, 12, 0, 12, 0],
}

/** A sound. */
export const chime: AppSource = {
  name: 'chime',
  title: 'Chime',
  description: 'Rings a short melody.',
  category: 'audio',
  input: {
    type: 'object',
    title: 'AppInput',
    properties: {
      melody: { type: 'string', title: 'Melody', enum: Object.keys(MELODIES), default: 'lock' },
      tempo: { type: 'number', title: 'Notes a second', default: 3, minimum: 1, maximum: 10 },
    },
  },
  output: {
    type: 'object',
    title: 'AppOutput',
    required: ['sound'],
    properties: { sound: { ...FILE, title: 'Sound' }, notes: { type: 'array', title: 'Hertz' } },
  },
  work: function* (job: Job): Work {
    const melody = MELODIES[textOf(job.input, 'melody', 'lock')] ?? [0]
    const gap = 1 / Number(job.input.tempo ?? 3)
    const hertz = melody.map((step) => Number((440 * 2 ** (step / 12)).toFixed(2)))
    for (const each of hertz) {
      yield 500
      job.log(`tuning to ${each} Hz\n`)
    }
    const notes = hertz.map((each, index) => ({ at: index * gap, hertz: each, seconds: 1.6 }))
    const sound = job.file(() => encodeWav(notes, notes.length * gap + 1.6), { filename: 'chime.wav' })
    return { sound: sound.describe(), notes: hertz }
  },
}
