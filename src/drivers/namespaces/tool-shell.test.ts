import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ToolShell } from './tool-shell.ts'

const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' }

test('a command gets its words and its input as they are, and says how it ended', async () => {
  const shell = new ToolShell(environment)
  const said = await shell.run(['printf', '%s|', "a'b", '$HOME', '', 'two\nlines'], '')
  assert.deepEqual(said, { code: 0, output: "a'b|$HOME||two\nlines|", errors: '' })
  const input = "x '$HOME'\n".repeat(20_000)
  assert.deepEqual(await shell.run(['cat'], input), { code: 0, output: input, errors: '' })
  const failed = await shell.run(['sh', '-c', 'echo out; echo bad >&2; exit 3'], '')
  assert.deepEqual(failed, { code: 3, output: 'out\n', errors: 'bad\n' })
  const absent = await shell.run(['evenkeel-no-such-tool'], '')
  assert.equal(absent?.code, 127)
})

test('a command of a shell that ends is not said to have ended itself', async () => {
  const shell = new ToolShell(environment)
  assert.equal(await shell.run(['sh', '-c', 'kill -9 $PPID'], ''), undefined)
  assert.equal(shell.isEnded, true)
  assert.equal(await shell.run(['true'], ''), undefined)
})
