import { encodePng } from '../../shared/png.ts'
import { AppFailure, CancelRequest } from '../app.ts'
import type { AppSource, Job, Work } from '../app.ts'
import { paintLandscape } from '../media/landscape.ts'
import type { Requirement } from '../wire.ts'
import { encode, numberOf, textOf } from './input.ts'

const OOM = `Traceback (most recent call last):
  File "/app/inference.py", line 31, in run
    x = torch.empty(12884901888, device="cuda")
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 48.00 GiB
`

const MODES = ['oom', 'midway', 'silent', 'no_error', 'long', 'markup']

/** Fails while running (the recording `task-failed`). */
export const breaks: AppSource = {
  name: 'breaks',
  title: 'Breaks',
  description: 'Fails while running.',
  category: 'other',
  id: '019rsnswbjdksj34tqp0mdc0nj',
  versionId: '0b3xpek9eg6an2m8yrh64h8kr9',
  updatedAt: '2026-09-28T16:20:11.25Z',
  input: {
    type: 'object',
    title: 'AppInput',
    properties: {
      mode: {
        type: 'string',
        title: 'Mode',
        enum: MODES,
        default: 'oom',
        description: 'How it fails: midway leaves partial output behind.',
      },
    },
  },
  output: { type: 'object', title: 'AppOutput', properties: {} },
  container: '1.4 GB',
  usesGpu: true,
  work: function* (job: Job): Work {
    const mode = textOf(job.input, 'mode', 'oom')
    switch (mode) {
      case 'midway':
        return yield* breakMidway(job)
      case 'silent':
        yield 800
        throw new AppFailure('worker lost: no sign of life for 30 s')
      case 'no_error':
        yield 800
        throw new AppFailure('')
      case 'long':
        yield 800
        throw new AppFailure(
          `assertion failed\n${Array.from({ length: 120 }, (_, index) => `  row ${index}: expected 0, got ${index * 7}`).join('\n')}`,
          'AssertionError: 120 rows differ\n',
        )
      case 'markup':
        yield 800
        throw new AppFailure('<img src=x onerror=alert(1)> is no number', '\u001b[31mValueError\u001b[0m\n')
      default:
        job.log('allocating 48.0 GiB\n')
        yield 400
        throw new AppFailure(
          'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 48.00 GiB\n(see the logs of this task)',
          OOM,
        )
    }
  },
}

function* breakMidway(job: Job): Work {
  const rows: { reach: number; depth: number }[] = []
  for (let reach = 1; reach <= 6; reach++) {
    yield 900
    rows.push({ reach, depth: Number(job.random.between(0.4, 2.2).toFixed(2)) })
    job.log(`reach ${reach} of 10: ${rows.at(-1)?.depth} m\n`)
    const prompt = `reach ${reach}`
    job.output({
      rows: [...rows],
      preview: job.file(
        () => encodePng(paintLandscape({ width: 256, height: 144, prompt, seed: reach, progress: 0.7 })),
        { filename: 'preview.png', key: prompt },
      ),
      progress: reach / 10,
    })
  }
  throw new AppFailure(
    'SurveyError: echo lost at reach 7',
    'Traceback (most recent call last):\n  File "/app/survey.py", line 88, in run\nSurveyError: echo lost at reach 7\n',
  )
}

/** Runs until it is cancelled (the recording `task-cancelled`). */
export const sleeper: AppSource = {
  name: 'sleeper',
  title: 'Sleeper',
  description: 'Runs until it is cancelled.',
  category: 'other',
  id: '4vf1q7jphvdzraq73xxv7tvqx6',
  versionId: '05qwz3j609q07ahesxq8hxqpn2',
  updatedAt: '2026-09-28T16:20:11.25Z',
  input: {
    type: 'object',
    title: 'AppInput',
    properties: {
      seconds: { type: 'number', title: 'Seconds', default: 3_600, minimum: 0, maximum: 86_400 },
      stubborn: { type: 'boolean', title: 'Ignores a cancel', default: false },
    },
  },
  output: { type: 'object', title: 'AppOutput', properties: { slept: { type: 'number', title: 'Seconds' } } },
  work: function* (job: Job): Work {
    const seconds = numberOf(job.input, 'seconds', 3_600)
    job.log(`sleeping for ${seconds} s\n`)
    for (let slept = 0; slept < seconds;) {
      const nap = Math.min(10, seconds - slept)
      try {
        yield nap * 1_000
      } catch (error) {
        if (!(error instanceof CancelRequest) || job.input.stubborn !== true) {
          job.log('asked to stop, leaving\n')
          throw error
        }
        job.log('asked to stop, sleeping on\n')
      }
      slept += nap
      if (slept < seconds) job.log(`still here after ${slept} s\n`)
    }
    return { slept: seconds }
  },
}

const REQUIREMENTS: readonly Requirement[] = [
  {
    type: 'secret',
    key: 'VAULT_TOKEN',
    message: 'secret VAULT_TOKEN is not set',
    action: { type: 'add_secret' },
  },
  {
    type: 'integration',
    key: 'google',
    message: 'Google is not connected',
    action: { type: 'connect', provider: 'google', provider_name: 'Google' },
  },
  {
    type: 'scope',
    key: 'drive.readonly',
    message: 'Google needs one more permission',
    action: {
      type: 'add_scopes',
      provider: 'google',
      provider_name: 'Google',
      scopes: ['https://www.googleapis.com/auth/drive.readonly'],
      scope_descriptions: { 'https://www.googleapis.com/auth/drive.readonly': 'See files in Drive' },
    },
  },
]

/** Refused with 412 until the workspace has what it needs. */
export const vault: AppSource = {
  name: 'vault',
  title: 'Vault',
  description: 'Needs a secret and an integration.',
  category: 'other',
  id: '5r2nawhj0v3hcwbp3w4xg3r8kd',
  versionId: '46kre4h1mc3gnevznawe6c0pfh',
  updatedAt: '2026-09-28T16:20:11.25Z',
  input: { type: 'object', title: 'AppInput', properties: {} },
  output: { type: 'object', title: 'AppOutput', properties: { opened: { type: 'boolean' } } },
  requirements: REQUIREMENTS,
  work: function* (): Work {
    yield 1_000
    return { opened: true }
  },
}

/** A value that a page must neither follow nor run. */
export const trickster: AppSource = {
  name: 'trickster',
  title: 'Trickster',
  description: 'Answers with links, names and texts that mean harm.',
  category: 'other',
  input: { type: 'object', title: 'AppInput', properties: {} },
  output: {
    type: 'object',
    title: 'AppOutput',
    properties: {
      link: { type: 'string', format: 'file', title: 'Link' },
      picture: { type: 'string', format: 'file', title: 'Picture' },
      lost: { type: 'string', format: 'file', title: 'Lost' },
      big: { type: 'string', format: 'file', title: 'Big' },
    },
  },
  work: function* (job: Job): Work {
    job.log(
      '\u001b]8;;javascript:alert(1)\u0007click me\u001b]8;;\u0007\u001b[2J\u001b[999;999H<b>bold</b>\n',
    )
    yield 600
    const page = '<!doctype html><script>alert(document.domain)</script><h1>Not a picture</h1>'
    return {
      link: 'javascript:alert(1)',
      data: 'data:text/html,<script>alert(1)</script>',
      file: 'file:///etc/passwd',
      object: { uri: 'javascript:alert(2)', content_type: 'image/png', filename: 'x.png' },
      picture: job.file(() => encode(page), { filename: 'photo.png', contentType: 'text/html' }),
      drawing: job.file(
        () => encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(3)"/>'),
        { filename: 'drawing.svg' },
      ),
      lost: job.file(() => new Uint8Array(), { filename: 'lost.png', missing: true }),
      big: job.file(() => new Uint8Array(), { filename: 'flood.mp4', size: 200 * 1024 * 1024 }).describe(),
      name: job
        .file(() => encode('hello\n'), { filename: '../../etc/passwd\u202Egnp.txt', key: 'name' })
        .describe(),
      elsewhere: 'https://tracker.example.org/pixel.png?id=1',
      markdown:
        '[click](javascript:alert(4)) ![](https://tracker.example.org/pixel.png) <img src=x onerror=alert(5)>',
      html: '<script>alert(6)</script>',
      template: '{{constructor.constructor("alert(7)")()}}',
      __proto__x: { polluted: true },
      huge: 'A'.repeat(20_000),
      deep: nest(40),
    }
  },
}

function nest(depth: number): { readonly level: number; readonly inner: ReturnType<typeof nest> | null } {
  return { level: depth, inner: depth > 0 ? nest(depth - 1) : null }
}
