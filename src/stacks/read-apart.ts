import { Worker } from 'node:worker_threads'
import type { Clock } from '../kernel/clock.ts'
import { decodeSource } from './domain/encode-source.ts'
import type { SourceNode } from './domain/source-node.ts'
import { formatProblem, TemplateProblem } from './domain/template-problem.ts'

/** A megabyte of the worst YAML takes half as long on a busy machine; honest ones take a tenth. */
const readMilliseconds = 20_000
/** Of the thread's heap. The largest honest template takes a third. */
const heapMegabytes = 384
/** Threads at the same time: they take processors from everything else. */
const threadsMax = 2

/** What the thread answers. */
export type ReadAnswer = { readonly encoded: string } | { readonly problem: string }

/**
 * Reads long texts in a thread of their own, which is ended when it takes too long or too much memory: meanwhile everything else is
 * answered. Throws a `TemplateProblem`.
 */
export class ApartReader {
  readonly #clock: Clock
  #free = threadsMax
  readonly #waiting: (() => void)[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async read(text: string): Promise<SourceNode> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await this.#inThread(text)
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }

  async #inThread(text: string): Promise<SourceNode> {
    const worker = new Worker(new URL('read-thread.ts', import.meta.url), {
      workerData: text,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    })
    const ended = new AbortController()
    try {
      const late = this.#clock
        .sleep(readMilliseconds, ended.signal)
        .then((): ReadAnswer => ({ problem: tooLong }))
      const answer = await Promise.race([answerOf(worker), late])
      if ('problem' in answer) throw new TemplateProblem(answer.problem)
      return decodeSource(answer.encoded)
    } finally {
      ended.abort()
      await worker.terminate()
    }
  }
}

const tooLong = formatProblem('the template takes too long to read').message
const tooMuch = formatProblem('the template takes too much memory to read').message

function answerOf(worker: Worker): Promise<ReadAnswer> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve({ problem: tooMuch })
      else reject(error)
    })
  })
}
