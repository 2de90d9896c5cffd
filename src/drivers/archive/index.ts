export { bundleReader } from './bundle-reader.ts'
export { cleanTar, inspectBundle, type BundleContents } from './inspect-bundle.ts'
export { spool, type SpooledBundle } from './spool.ts'
