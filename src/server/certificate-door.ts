import type { Topics } from '../topics/create-topics.ts'
import type { WireListener } from './endpoint.ts'

/** `/SimpleNotificationService-<digest>.pem`, the address that signed messages name. */
export function isCertificatePath(method: string | undefined, url: string | undefined): boolean {
  return method === 'GET' && /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/.test(url ?? '')
}

/** Gives the certificate that messages of topics are verified with to anybody. */
export function certificateDoor(topics: Pick<Topics, 'certificateAt'>): WireListener {
  return async (request, response) => {
    request.resume()
    const pem = await topics.certificateAt(request.url ?? '').catch(() => undefined)
    if (pem === undefined) {
      response.writeHead(404, { 'content-length': 0 }).end()
      return
    }
    const headers = { 'content-type': 'application/x-pem-file' }
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(pem) }).end(pem)
  }
}
