import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHooks, readHupSettings } from './hup-settings.ts'

test('settings name the stack and how it is reached', () => {
  const settings = readHupSettings('[main]\nstack=web\nregion=us-east-1\ninterval = 2\nrole=R\n')
  assert.equal(settings.stack, 'web')
  assert.equal(settings.minutes, 2)
  assert.deepEqual(settings.words, ['--region=us-east-1', '--role=R'])
  assert.throws(() => readHupSettings('[main]\nregion=x\n'), /needs stack=/)
  assert.throws(() => readHupSettings('[main]\nstack=x\ninterval=soon\n'), /interval is soon/)
})

test('hooks are read whole or refused by name', () => {
  const text =
    '[reload]\ntriggers=post.update, post.add\npath=Resources.Web.Metadata\naction=/bin/x -a=b\nrunas=root\n'
  assert.deepEqual(readHooks(text), [
    {
      name: 'reload',
      triggers: ['post.update', 'post.add'],
      path: 'Resources.Web.Metadata',
      action: '/bin/x -a=b',
      runAs: 'root',
    },
  ])
  assert.throws(() => readHooks(text.replace('post.add', 'on.command')), /on\.command/)
  assert.equal(readHooks(text.replace('runas=root', ''))[0]?.runAs, 'root')
  assert.throws(() => readHooks(text.replace('action', 'do')), /hook reload needs action=/)
})
