import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandOf, readUnit, wordsOf } from './unit-file.ts'

test('a unit is read with its lists, quotes and continued lines', () => {
  const unit = readUnit(
    [
      '[Unit]',
      'Description=a site',
      '[Service]',
      '# a remark',
      'Type=forking',
      'Environment=A=1 "B=two words"',
      'ExecStartPre=/bin/false',
      'ExecStartPre=',
      'ExecStart=/usr/sbin/nginx -g \\',
      "  'daemon on;'",
      'PIDFile=/run/nginx.pid',
      '[Install]',
      'WantedBy=multi-user.target',
    ].join('\n'),
  )
  assert.equal(unit.kind, 'forking')
  assert.deepEqual(unit.before, [])
  assert.deepEqual(unit.environment, { A: '1', B: 'two words' })
  assert.deepEqual(wordsOf(unit.start[0] ?? ''), ['/usr/sbin/nginx', '-g', 'daemon on;'])
  assert.equal(unit.pidFile, '/run/nginx.pid')
})

test('a command takes its variables from the environment, and may be let fail', () => {
  const { words, mayFail } = commandOf('-/bin/server $OPTIONS --port=${PORT}', {
    OPTIONS: '-a -b',
    PORT: '80',
  })
  assert.deepEqual(words, ['/bin/server', '-a', '-b', '--port=80'])
  assert.equal(mayFail, true)
})
