import { connect } from 'node:net'
import { DriverError } from '../../kernel/errors.ts'

/** HAProxy answers at once; it is local. */
const timeoutMilliseconds = 2000

/** Says commands at HAProxy's socket, in one go, and gives its answer. */
export function sayToHaproxy(socketPath: string, commands: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath })
    let text = ''
    const fail = (reason: string): void => {
      socket.destroy()
      reject(new DriverError(`HAProxy at ${socketPath}: ${reason}`, { retryable: true }))
    }
    socket.setTimeout(timeoutMilliseconds, () => fail('no answer in time'))
    socket.on('error', (error) => fail(error.message))
    socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
    socket.on('end', () => {
      socket.destroy()
      resolve(text)
    })
    socket.on('connect', () => socket.write(`${commands.join(';')}\n`))
  })
}

/** The rows of `show stat`, by the names of their columns. */
export function readStatistics(csv: string): readonly ReadonlyMap<string, string>[] {
  const [head = '', ...rows] = csv.split('\n').filter((line) => line !== '')
  const names = head.replace(/^# /, '').split(',')
  return rows.map((row) => {
    const values = row.split(',')
    return new Map(names.map((name, index) => [name, values[index] ?? '']))
  })
}
