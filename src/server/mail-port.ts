import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mailFolder } from '../drivers/filesystem/index.ts'
import { mailRelay } from '../drivers/mail-relay/index.ts'
import type { MailPort } from '../topics/delivery-ports.ts'
import type { ServerOptions } from './options.ts'

/** Where letters go: to the relay that `up` was told of, else into a folder of the data directory. */
export async function openMail({
  mailRelay: url,
  mailCredentials,
  mailFrom: from,
  dataDirectory,
}: ServerOptions): Promise<MailPort> {
  if (url === undefined) return mailFolder(join(dataDirectory, 'mail'))
  const { hostname: host, port, protocol } = new URL(url)
  const isTls = protocol === 'smtps:'
  const usualPort = isTls ? 465 : 25
  return mailRelay({
    ...{ host, port: port === '' ? usualPort : Number(port), isTls, from },
    credentials: mailCredentials === undefined ? undefined : await readCredentials(mailCredentials),
  })
}

async function readCredentials(path: string): Promise<{ user: string; password: string }> {
  const [line = ''] = (await readFile(path, 'utf8')).split(/\r?\n/)
  const mark = line.indexOf(':')
  if (mark < 1) throw new Error(`${path} has no line USER:PASSWORD`)
  return { user: line.slice(0, mark), password: line.slice(mark + 1) }
}
