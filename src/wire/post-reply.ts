import type { Reply } from './reply.ts'
import { escapeXml, xmlDeclaration } from './xml-encode.ts'

interface Posted {
  readonly bucket: string
  readonly key: string
  /** The object's address. */
  readonly location: string
  readonly fields: ReadonlyMap<string, string>
}

/** What a form hears of its upload: a redirection where it asks for one, else the status that it asks for. */
export function postReply(put: Reply, { bucket, key, location, fields }: Posted): Reply {
  const etag = put.headers['ETag'] ?? put.headers['etag'] ?? ''
  const headers = { ...put.headers, Location: location }
  const redirect = fields.get('success_action_redirect') ?? fields.get('redirect')
  const target = redirect === undefined ? null : URL.parse(redirect)
  if (target !== null && /^https?:$/.test(target.protocol)) {
    const told = new URLSearchParams({ bucket, key, etag }).toString()
    target.search = target.search === '' ? told : `${target.search}&${told}`
    return { status: 303, headers: { ...headers, Location: target.href }, body: '' }
  }
  const status = Number(fields.get('success_action_status'))
  if (status === 201) {
    const members = { Location: location, Bucket: bucket, Key: key, ETag: etag }
    const xml = Object.entries(members).map(
      ([name, text]) => `<${name}>${escapeXml(text)}</${name}>`,
    )
    return {
      status,
      headers: { ...headers, 'Content-Type': 'application/xml' },
      body: `${xmlDeclaration}<PostResponse>${xml.join('')}</PostResponse>`,
    }
  }
  return { status: status === 200 ? 200 : 204, headers, body: '' }
}
