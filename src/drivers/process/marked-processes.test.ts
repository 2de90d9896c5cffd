import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { identityOf } from '../processes/process-identity.ts'
import { killMarked } from './marked-processes.ts'

test('all processes with a mark are killed, wherever they went, and no others', async () => {
  const mark = `EVENKEEL_ROOT=/nowhere/${process.pid}`
  const [name = '', root = ''] = mark.split('=')
  const script = 'setsid sleep 300 & echo $!; wait'
  const start = (environment: NodeJS.ProcessEnv) =>
    spawn('/bin/sh', ['-c', script], { env: { PATH: process.env['PATH'], ...environment } })
  const marked = start({ [name]: root })
  const other = start({ [name]: `${root}-other` })
  const [line] = (await once(marked.stdout, 'data')) as [Buffer]
  await once(other.stdout, 'data')
  killMarked(mark)
  const [, signal] = (await once(marked, 'exit')) as [number | null, string | null]
  assert.equal(signal, 'SIGKILL')
  assert.equal(other.exitCode, null)
  killMarked(`${mark}-other`)
  await once(other, 'exit')
  while (identityOf(Number(line.toString()))) await new Promise((again) => setImmediate(again))
})
