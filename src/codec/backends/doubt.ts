/** What a back end throws inside itself when it will not answer: the interpreter replays the bytes then. Never leaves this folder. */
export const DOUBT: Error = /* @__PURE__ */ new Error('left to the interpreter')
