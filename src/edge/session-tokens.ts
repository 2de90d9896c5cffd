import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { keepSecret, readKept } from '../drivers/inner-door/index.ts'

/** IMDSv2 session tokens: bound to an instance, valid until their time is up, and over restarts of this process. */
export interface SessionTokens {
  issue(instanceId: string, seconds: number): string
  isValid(token: string, instanceId: string): boolean
}

export function openSessionTokens(keyFile: string): SessionTokens {
  let key = readKept<string>(keyFile)
  if (key === undefined) {
    key = randomBytes(32).toString('hex')
    keepSecret(keyFile, key)
  }
  const secret = Buffer.from(key, 'hex')
  const sign = (instanceId: string, until: string): Buffer =>
    createHmac('sha256', secret).update(`${instanceId} ${until}`).digest()
  return {
    issue(instanceId, seconds) {
      const until = (Date.now() + seconds * 1000).toString(36)
      return `${until}.${sign(instanceId, until).toString('base64url')}==`
    },
    isValid(token, instanceId) {
      const [until = '', signature = ''] = token.replace(/=+$/, '').split('.')
      const given = Buffer.from(signature, 'base64url')
      const expected = sign(instanceId, until)
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false
      return Number.parseInt(until, 36) > Date.now()
    },
  }
}
