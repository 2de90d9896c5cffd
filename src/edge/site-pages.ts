import type { LocalResponse } from '../drivers/node-proxy/index.ts'

export function noSitesPage(): LocalResponse {
  return page(503, 'No site yet', [
    'No load balancer with an HTTP listener is running here.',
    'Make one with CloudFormation or <code>aws elbv2 create-load-balancer</code>; it answers here under its DNS name.',
  ])
}

export function noSuchSitePage(names: readonly string[]): LocalResponse {
  const known = names.map((name) => `<li><code>${escaped(name)}</code></li>`).join('')
  return page(404, 'No such site', [
    'The Host of this request names no load balancer. These are known:',
    `</p><ul>${known}</ul><p>`,
  ])
}

export function unavailablePage(name: string): LocalResponse {
  return page(503, 'Site unavailable', [
    `No gateway of <code>${escaped(name)}</code> answers at the moment.`,
  ])
}

function page(status: number, title: string, lines: readonly string[]): LocalResponse {
  const body = `<!doctype html>\n<title>${title}</title>\n<h1>${title}</h1>\n<p>${lines.join(' ')}</p>\n`
  return { status, contentType: 'text/html; charset=utf-8', body }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
