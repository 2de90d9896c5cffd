export { openFileBlobs } from './file-blobs.ts'
export { mailFolder } from './mail-folder.ts'
