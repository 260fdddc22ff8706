export type BatchKind = 'one' | 'seeds' | 'rows' | 'grid'

/** The batch section as it is filled in. */
export interface BatchDraft {
  kind: BatchKind
  copies: string
  seed: { field: string; from: string; to: string }
  rows: string
  grid: readonly [GridAxis, GridAxis]
  concurrency: string
  /** Empty: made of what varies. */
  name: string
}

export interface GridAxis {
  field: string
  values: string
}

export const NO_BATCH: BatchDraft = {
  kind: 'one',
  copies: '1',
  seed: { field: '', from: '1', to: '10' },
  rows: '',
  grid: [
    { field: '', values: '' },
    { field: '', values: '' },
  ],
  concurrency: '10',
  name: '',
}
