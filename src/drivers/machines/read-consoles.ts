import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { ConsoleDriver } from '../../compute/driver.ts'
import type { ConsolePart } from '../../protocol/machine.ts'
import { bytesCut } from './bound-console.ts'
import type { MachineFiles } from './machine-files.ts'

/** Reads the consoles of the machines that this host has. */
export function consoleReader(files: Pick<MachineFiles, 'find' | 'path'>): ConsoleDriver {
  return {
    async consoles({ after, bytesMax }) {
      return Object.entries(after).flatMap(([id, place]): readonly ConsolePart[] => {
        if (!files.find(id)) return []
        const part = readPart(files.path(id, 'console.log'), place, bytesMax)
        return part ? [{ id, ...part }] : []
      })
    },
  }
}

/** A place past the end is of a console that is no more: the new one is read from its beginning. */
function readPart(
  path: string,
  after: number,
  bytesMax: number,
): Omit<ConsolePart, 'id'> | undefined {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const cut = bytesCut(path)
  const end = cut + size
  const from = after < cut || after > end ? cut : after
  const length = Math.min(bytesMax, end - from)
  if (length <= 0) return undefined
  const bytes = Buffer.alloc(length)
  const file = openSync(path, 'r')
  try {
    const read = readSync(file, bytes, 0, length, from - cut)
    return { from, until: from + read, bytes: bytes.subarray(0, read).toString('base64') }
  } finally {
    closeSync(file)
  }
}
