import { parentPort, workerData } from 'node:worker_threads'
import { encodeSource } from './domain/encode-source.ts'
import { TemplateProblem } from './domain/template-problem.ts'
import type { ReadAnswer } from './read-apart.ts'
import { readSource } from './read-source.ts'

/** The thread of `ApartReader`: one text, one answer. */
parentPort?.postMessage(answerTo(String(workerData)))

function answerTo(text: string): ReadAnswer {
  try {
    return { encoded: encodeSource(readSource(text)) }
  } catch (thrown) {
    if (thrown instanceof TemplateProblem) return { problem: thrown.message }
    throw thrown
  }
}
