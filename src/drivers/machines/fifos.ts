import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Made at once by one `mkfifo`, because starting a program for each would be a tenth of a machine's start. */
const batchSize = 32

const run = promisify(execFile)
let made = 0
let making: Promise<unknown> | undefined

/** Puts a new FIFO at `path`, out of a stock in `folder` (of the same file system) that is filled when it is empty. */
export async function takeFifo(folder: string, path: string): Promise<void> {
  for (;;) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const [name] = readdirSync(folder)
    if (name !== undefined) return renameSync(join(folder, name), path)
    making ??= fill(folder).finally(() => (making = undefined))
    await making
  }
}

function fill(folder: string): Promise<unknown> {
  const names = Array.from({ length: batchSize }, () => join(folder, `${process.pid}-${++made}`))
  return run('mkfifo', names)
}
