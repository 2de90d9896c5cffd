export { askInner, type InnerAnswer } from './ask-inner.ts'
export { pullConfiguration } from './pull-configuration.ts'
export { keepSecret, readKept } from './kept-file.ts'
