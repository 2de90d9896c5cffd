import { readFileSync } from 'node:fs'
import http from 'node:http'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { sockets, type InstallationFile } from '../protocol/run-directory.ts'
import { CommandFailure, type CommandCall } from './command.ts'

/** The data directory a command speaks of, absolute. */
export function dataDirectoryOf(call: CommandCall): string {
  return resolve(call.text('data-dir') ?? '.evenkeel')
}

export function readInstallation(dataDirectory: string): InstallationFile | undefined {
  try {
    return JSON.parse(
      readFileSync(join(dataDirectory, 'instance.json'), 'utf8'),
    ) as InstallationFile
  } catch {
    return undefined
  }
}

/** The server's private door, as commands use it. */
export interface Admin {
  readonly installation: InstallationFile
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: object): Promise<T>
  /** Calls an AWS operation as the account's root, JSON in and out (times as text). */
  call<T>(service: string, operation: string, input: object): Promise<T>
  /** The same, with a body of bytes. */
  put<T>(
    service: string,
    operation: string,
    input: Readonly<Record<string, string>>,
    body: Readable,
  ): Promise<T>
  /** Newline-separated JSON while it arrives; aborted, what runs there ends. */
  stream(path: string, input: Readable | undefined, signal?: AbortSignal): AsyncIterable<unknown>
}

/** Names of errors that are no code of AWS's: they tell a person nothing. */
const plainNames: readonly string[] = ['Error', 'TypeError', 'DriverError']

/** An error that the server answered, under AWS's code where it has one. */
export class RefusedCall extends CommandFailure {
  readonly code: string
  constructor(code: string, message: string) {
    super(plainNames.includes(code) ? message : `${code}: ${message}`)
    this.code = code
  }
}

export function openAdmin(call: CommandCall): Admin {
  const dataDirectory = dataDirectoryOf(call)
  const installation = readInstallation(dataDirectory)
  if (!installation) {
    throw new CommandFailure(
      `nothing runs in ${dataDirectory}; start it with 'evenkeel up', or name another place with --data-dir`,
    )
  }
  const socketPath = join(installation.runDirectory, sockets.admin)
  return {
    installation,
    get: (path) => exchange(socketPath, { method: 'GET', path }),
    post: (path, json) => exchange(socketPath, { method: 'POST', path, json }),
    call: (service, operation, input) =>
      exchange(socketPath, { method: 'POST', path: `/call/${service}/${operation}`, json: input }),
    put: (service, operation, input, body) =>
      exchange(socketPath, {
        method: 'PUT',
        path: `/call/${service}/${operation}?${new URLSearchParams(input).toString()}`,
        body,
      }),
    stream: (path, input, signal) =>
      lines(socketPath, {
        method: 'POST',
        path,
        ...(input && { body: input }),
        ...(signal && { signal }),
      }),
  }
}

interface Exchange {
  readonly method: string
  readonly path: string
  readonly json?: object
  readonly body?: Readable
  readonly signal?: AbortSignal
}

async function exchange<T>(socketPath: string, request: Exchange): Promise<T> {
  const response = await send(socketPath, request)
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) text += chunk
  const value = (text === '' ? {} : JSON.parse(text)) as { code?: string; message?: string }
  if ((response.statusCode ?? 500) >= 400) {
    throw new RefusedCall(value.code ?? 'Error', value.message ?? `status ${response.statusCode}`)
  }
  return value as T
}

async function* lines(socketPath: string, request: Exchange): AsyncIterable<unknown> {
  const response = await send(socketPath, request)
  let rest = ''
  response.setEncoding('utf8')
  for await (const chunk of response) {
    rest += chunk
    const parts = rest.split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) if (part !== '') yield JSON.parse(part)
  }
  if (rest !== '') yield JSON.parse(rest)
}

function send(socketPath: string, request: Exchange): Promise<http.IncomingMessage> {
  return new Promise((resolveWith, reject) => {
    const outgoing = http.request(
      {
        socketPath,
        method: request.method,
        path: request.path,
        headers: request.json ? { 'content-type': 'application/json' } : {},
        ...(request.signal && { signal: request.signal }),
      },
      resolveWith,
    )
    outgoing.on('error', (thrown: NodeJS.ErrnoException) => {
      const away = thrown.code === 'ENOENT' || thrown.code === 'ECONNREFUSED'
      reject(
        away ? new CommandFailure("the server does not run; start it with 'evenkeel up'") : thrown,
      )
    })
    // The command begins at once, whether or not there is input yet.
    if (request.body) outgoing.flushHeaders()
    if (request.body) request.body.pipe(outgoing)
    else outgoing.end(request.json ? JSON.stringify(request.json) : undefined)
  })
}
