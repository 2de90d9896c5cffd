import { reasonOf } from '../../kernel/errors.ts'
import type { Delivered, WebMessage, WebPort } from '../../topics/delivery-ports.ts'

/** AWS: an endpoint has 15 seconds to answer. */
const answerMilliseconds = 15_000

export function webClient(): WebPort {
  return { post }
}

async function post(message: WebMessage, signal: AbortSignal): Promise<Delivered> {
  const url = new URL(message.url)
  const authorization = basicOf(url)
  url.username = ''
  url.password = ''
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...message.headers, ...authorization },
      body: message.body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMilliseconds)]),
    })
    await response.body?.cancel()
    return deliveredBy(response.status, message.url)
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown
    return { kind: 'failed', reason: `${message.url}: ${reasonOf(cause)}` }
  }
}

function deliveredBy(status: number, url: string): Delivered {
  if (status >= 200 && status < 300) return { kind: 'delivered' }
  const reason = `${url} answered ${status}`
  const isFinal = status >= 400 && status < 500 && status !== 429
  return { kind: isFinal ? 'refused' : 'failed', reason }
}

function basicOf({ username, password }: URL): Record<string, string> {
  if (username === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}
