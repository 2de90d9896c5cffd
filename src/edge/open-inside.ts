import type { InstallationFile } from '../protocol/run-directory.ts'
import type { OpenInside } from './inside-doors.ts'

/** How this installation opens sockets inside networks. Processes without namespaces have no inside: nothing is opened there. */
export function openInsideOf(installation: InstallationFile, _dataDirectory: string): OpenInside {
  if (installation.driver === 'process') return async () => ({ close: () => undefined })
  return async () => {
    throw new Error('no sockets inside networks yet')
  }
}
