import autocannon from 'autocannon'

/** The load client's own process: autocannon at a fixed rate, a JSON line for each request, until its input ends. */
const options = JSON.parse(process.argv[2] ?? '{}') as {
  url: string
  ratePerSecond: number
  connections?: number
  host?: string
}

/** A visitor's patience. */
const timeoutSeconds = 5
const forever = 100_000

const write = (record: object): void => {
  process.stdout.write(`${JSON.stringify(record)}\n`)
}

const load = autocannon(
  {
    url: options.url,
    connections: options.connections ?? 20,
    overallRate: options.ratePerSecond,
    duration: forever,
    timeout: timeoutSeconds,
    ...(options.host ? { headers: { host: options.host } } : {}),
    setupClient(client) {
      let instance: string | undefined
      client.on('headers', (head: unknown) => {
        const { headers } = head as { headers: readonly string[] }
        const at = headers.findIndex((name) => name.toLowerCase() === 'x-instance-id')
        instance = at < 0 ? undefined : headers[at + 1]
      })
      client.on('response', (status: number, _bytes: number, milliseconds: number) => {
        write({ at: Date.now(), milliseconds, status, instance })
      })
    },
  },
  () => {},
)
load.on('reqError', (error: Error) => {
  write({ at: Date.now(), milliseconds: 0, status: 0, error: error.message })
})
process.stdin.resume()
process.stdin.on('end', () => {
  load.stop()
})
