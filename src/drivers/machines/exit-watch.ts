import { closeSync, constants, openSync } from 'node:fs'
import { Socket } from 'node:net'

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants

/** The FIFO that a machine's first process holds open: lines come through it, and its end is the machine's end. */
export interface ExitWatch {
  /** For the machine to inherit; closed here once it has it. Undefined when a machine is only adopted. */
  readonly writer: number | undefined
  closeWriter(): void
  stop(): void
}

export interface ExitListener {
  onLine(line: string): void
  onEnd(): void
}

/** Why a machine ends, when it ends in order: its first process says so last, whoever watches it then. */
export function lastWords(line: string): string | undefined {
  return line.startsWith('end ') ? line.slice('end '.length) : undefined
}

/**
 * Opens the reading end, and for a machine that is about to start the writing end too. Of an adopted machine whose process is gone
 * already the end comes at once.
 */
export function watchExit(path: string, isStarting: boolean, listener: ExitListener): ExitWatch {
  const reader = openSync(path, O_RDONLY | O_NONBLOCK)
  let writer = isStarting ? openSync(path, O_WRONLY | O_NONBLOCK) : undefined
  const inherited = writer
  const socket = new Socket({ fd: reader, readable: true, writable: false })
  let rest = ''
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) listener.onLine(line)
  })
  socket.once('error', () => socket.destroy())
  let isStopped = false
  socket.once('close', () => {
    if (!isStopped) listener.onEnd()
  })
  const closeWriter = (): void => {
    if (writer === undefined) return
    closeSync(writer)
    writer = undefined
  }
  return {
    writer: inherited,
    closeWriter,
    stop() {
      isStopped = true
      closeWriter()
      socket.destroy()
    },
  }
}
