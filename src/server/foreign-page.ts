import type { IncomingMessage } from 'node:http'

/**
 * Whether a web page of elsewhere made a browser send this unsigned request. With `--auth off` nothing else would keep any page that its
 * user visits from launching and deleting here: browsers send forms and images to the loopback without asking. Clients of
 * AWS send neither header.
 */
export function isOfForeignPage({ headers, url = '' }: IncomingMessage): boolean {
  if (headers.authorization !== undefined || /[?&](X-Amz-)?Signature=/.test(url)) return false
  const { origin, host, 'sec-fetch-site': site } = headers
  if (origin !== undefined) return origin !== `http://${host}`
  return site === 'cross-site' || site === 'same-site'
}
