import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RefusedCall } from './admin.ts'
import { helpOf, parseCall, UsageError, type Command } from './command.ts'
import { bar } from './screen.ts'

const command: Command = {
  name: 'try',
  summary: 'tries',
  usage: 'THING',
  flags: {
    port: { kind: 'text', help: 'a port', standard: '1' },
    fresh: { kind: 'switch', help: 'anew' },
    parameter: { kind: 'list', help: 'K=V' },
  },
  run: () => Promise.resolve(0),
}

test('flags beat variables, and words after -- are left alone', () => {
  const words = [
    'thing',
    '--port',
    '5',
    '--parameter',
    'a=1',
    '--parameter',
    'b=2',
    '--',
    '--port',
    '9',
  ]
  const call = parseCall(command, words, { EVENKEEL_PORT: '7', EVENKEEL_FRESH: '1' })
  assert.equal(call.text('port'), '5')
  assert.equal(call.switched('fresh'), true)
  assert.deepEqual(call.list('parameter'), ['a=1', 'b=2'])
  assert.deepEqual(call.positionals, ['thing'])
  assert.deepEqual(call.rest, ['--port', '9'])
})

test('a variable counts where no flag is given', () => {
  const call = parseCall(command, [], {
    EVENKEEL_PORT: '7',
    EVENKEEL_DATA_DIR: '/tmp/x',
    EVENKEEL_FRESH: 'off',
  })
  assert.equal(call.text('port'), '7')
  assert.equal(call.text('data-dir'), '/tmp/x')
  assert.equal(call.switched('fresh'), false)
})

test('an unknown flag is a usage error that names it', () => {
  assert.throws(
    () => parseCall(command, ['--nope'], {}),
    (thrown: unknown) => thrown instanceof UsageError && thrown.message.includes('--nope'),
  )
})

test('help names every flag and its default', () => {
  const help = helpOf(command)
  for (const flag of ['--port', '--fresh', '--parameter', '--data-dir', '--json', '(default 1)']) {
    assert.ok(help.includes(flag), flag)
  }
})

test('the bar is empty at nothing and full at all', () => {
  assert.equal(bar(0, 0, 4), '[....] 0/0')
  assert.equal(bar(4, 4, 4), '[####] 4/4')
})

test('a failure is told under the code of AWS, and without a class of ours', () => {
  const told = (code: string) => new RefusedCall(code, 'there is no machine i-1').message
  assert.equal(told('ValidationError'), 'ValidationError: there is no machine i-1')
  assert.equal(told('DriverError'), 'there is no machine i-1')
})
