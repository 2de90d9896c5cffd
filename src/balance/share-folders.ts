import { mkdir, rm } from 'node:fs/promises'

/** Makes and removes the folders that gateways share with the host. */
export interface ShareFolders {
  make(path: string): Promise<void>
  remove(path: string): Promise<void>
}

export const shareFolders: ShareFolders = {
  async make(path) {
    await mkdir(path, { recursive: true, mode: 0o700 })
  },
  async remove(path) {
    await rm(path, { recursive: true, force: true })
  },
}
