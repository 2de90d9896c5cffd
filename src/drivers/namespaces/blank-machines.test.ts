import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const stageScript = fileURLToPath(new URL('scripts/stage.sh', import.meta.url))
const skip = process.getuid?.() === 0 ? false : 'the stage script mounts, which is for root'

test(
  'a blank whose host dies before it has opened its FIFO ends, and says where it was',
  {
    skip,
  },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ek-blank-'))
    try {
      execFileSync('mkfifo', [join(folder, 'alive')])
      for (const name of ['fstab', 'waiting']) writeFileSync(join(folder, name), '')
      // The links of a machine without any cannot be made.
      writeFileSync(join(folder, 'stage'), "router=none\nset -- 'true'\n")
      const blank = spawn('sh', [stageScript, join(folder, 'fstab')], {
        stdio: ['ignore', 'ignore', 'ignore', 'ignore', 'pipe'],
        timeout: 10_000,
      })
      const words = blank.stdio[4] as Writable
      words.on('error', () => undefined).end(`${folder}\n`)
      const [code] = (await once(blank, 'exit')) as [number | null]
      assert.equal(code, 92)
      assert.match(readFileSync(join(folder, 'pid'), 'utf8'), /^\S+ \d+ \(sh\) /)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
