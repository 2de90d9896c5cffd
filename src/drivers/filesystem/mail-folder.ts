import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mail, MailPort } from '../../topics/delivery-ports.ts'

/** The oldest letters go when there are more. */
const lettersMax = 1000

/**
 * Post for an installation without a way out: each letter is a file `<time>-<id>.eml` in `folder`, whole or not there, that mail programs
 * open. At most a thousand are kept.
 */
export function mailFolder(folder: string): MailPort {
  return {
    async send(mail) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const sentAt = new Date()
      const name = `${sentAt.toISOString().replaceAll(':', '')}-${randomUUID()}.eml`
      const draft = join(folder, `.${name}`)
      await writeFile(draft, letterText(mail, sentAt), { mode: 0o600 })
      await rename(draft, join(folder, name))
      await forgetOldest(folder)
      return { kind: 'delivered' }
    },
  }
}

async function forgetOldest(folder: string): Promise<void> {
  const letters = (await readdir(folder)).filter((name) => name.endsWith('.eml')).toSorted()
  for (const name of letters.slice(0, Math.max(0, letters.length - lettersMax))) {
    await rm(join(folder, name), { force: true })
  }
}

/** RFC 5322, in UTF-8 throughout. */
export function letterText({ from, to, subject, text }: Mail, sentAt: Date): string {
  const fields = [
    `From: ${plain(from)}`,
    `To: ${plain(to)}`,
    `Subject: ${plain(subject)}`,
    `Date: ${sentAt.toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ]
  return `${fields.join('\r\n')}\r\n\r\n${text.replaceAll(/\r?\n/g, '\r\n')}`
}

/** No line of a caller becomes a field. */
function plain(value: string): string {
  return value.replaceAll(/[\r\n\0]+/g, ' ')
}
