/** What takes the place of the two modules that open files where there is no Node: the `browser` map of package.json says so. */
import { WireError } from '../codec/errors.ts'

/** @throws WireError code unsupported, always */
function refuse(): never {
  throw new WireError({ code: 'unsupported', path: '', offset: 0, detail: 'files and devices can be opened in Node.js only' })
}

export { refuse as directoryRequests, refuse as fileDevice, refuse as openImageFile }
