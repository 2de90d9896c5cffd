import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { letterText, mailFolder } from './mail-folder.ts'

const mail = { from: 'topics', to: 'a@b.c', subject: 'An alarm', text: 'It rang.\nTwice.\n' }

test('a letter is a whole file that a mail program opens', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-mail-'))
  try {
    const { signal } = new AbortController()
    assert.deepEqual(await mailFolder(join(folder, 'mail')).send(mail, signal), {
      kind: 'delivered',
    })
    const [name = '', ...others] = await readdir(join(folder, 'mail'))
    assert.deepEqual(others, [])
    assert.match(name, /^\d{4}-.*\.eml$/)
    const text = await readFile(join(folder, 'mail', name), 'utf8')
    assert.match(text, /^To: a@b\.c\r$/m)
    assert.match(text, /\r\n\r\nIt rang\.\r\nTwice\.\r\n$/)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('no line of a caller becomes a field of the letter', () => {
  const forged = { ...mail, subject: 'x\r\nBcc: all@b.c', to: 'a@b.c\nX: y' }
  const text = letterText(forged, new Date(0))
  assert.doesNotMatch(text, /^(Bcc|X):/m)
  assert.match(text, /^Subject: x Bcc: all@b\.c\r$/m)
})
