export { askInner, type InnerAnswer } from './ask-inner.ts'
export { pullConfiguration, pullNumbered } from './pull-configuration.ts'
export { keepSecret, readKept } from './kept-file.ts'
