/** An answer that the balancer gives itself. */
export interface LocalResponse {
  readonly status: number
  readonly contentType: string
  readonly body: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  408: 'Request Time-out',
  410: 'Gone',
  414: 'Request-URI Too Large',
  417: 'Expectation Failed',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
  505: 'HTTP Version Not Supported',
}

function reasonPhraseOf(status: number): string {
  return reasons[status] ?? ''
}

/** An error page as ALB writes it. */
export function errorPage(status: number): LocalResponse {
  const title = `${status} ${reasonPhraseOf(status)}`.trimEnd()
  const body = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '</body>',
    '</html>',
    '',
  ].join('\r\n')
  return { status, contentType: 'text/html', body }
}

export interface LocalResponseOptions {
  readonly method: string
  readonly isLast: boolean
  readonly serverName: string
}

/** The whole response, as UTF-8 text. */
export function localResponseText(response: LocalResponse, options: LocalResponseOptions): string {
  const lines = [
    `HTTP/1.1 ${response.status} ${reasonPhraseOf(response.status)}`,
    `Server: ${options.serverName}`,
    `Date: ${new Date().toUTCString()}`,
  ]
  const hasBody = response.status !== 204 && response.status !== 304
  if (hasBody) {
    if (response.body !== '') lines.push(`Content-Type: ${response.contentType}`)
    lines.push(`Content-Length: ${Buffer.byteLength(response.body)}`)
  }
  lines.push(`Connection: ${options.isLast ? 'close' : 'keep-alive'}`)
  for (const [name, value] of response.headers ?? []) lines.push(`${name}: ${value}`)
  const body = hasBody && options.method !== 'HEAD' ? response.body : ''
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
