/** The strings that people read go through these two, so that they can be translated. */

export interface Words {
  /** A message; `%1`, `%2` stand for the arguments. */
  __(message: string, ...args: unknown[]): string;
  /** One of two messages by a number, which is `%1`; further arguments follow. */
  _n(one: string, many: string, n: number, ...args: unknown[]): string;
}

/** English, as written. */
export const ENGLISH: Words = {
  __: (message, ...args) => filled(message, args),
  _n: (one, many, n, ...args) => filled(n === 1 ? one : many, [n, ...args])
};

function filled(message: string, args: readonly unknown[]): string {
  return message.replace(/%(\d+)/g, (_, index: string) => String(args[Number(index) - 1]));
}
