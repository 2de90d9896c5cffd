import type { ResponseHead } from './response-head.ts'

/** How the client learns where the answer ends. `none`: there is no body; `bare`: the client has other means. */
export type ResponseShape = 'length' | 'chunked' | 'close' | 'none' | 'bare'

/** A response head for the client: the target's own fields, our framing and our word on the connection. */
export function responseHeadText(
  head: ResponseHead,
  how: { shape: ResponseShape; connection: string | undefined; added?: string },
): string {
  let text = `HTTP/1.1 ${head.status} ${head.reason}\r\n`
  for (const header of head.headers) text += header[2]
  if (how.added !== undefined) text += how.added
  if (how.shape === 'length') text += `Content-Length: ${head.declaredLength ?? 0}\r\n`
  else if (how.shape === 'chunked') text += 'Transfer-Encoding: chunked\r\n'
  if (how.connection !== undefined) text += `Connection: ${how.connection}\r\n`
  return `${text}\r\n`
}
