/** A number of so many digits, each equally likely, zeros at its beginning included. */
export function createDigits(length: number): string {
  let digits = ''
  while (digits.length < length) {
    // The last multiple of 10 below 256: without the bytes above it, every digit is equally likely.
    for (const byte of crypto.getRandomValues(new Uint8Array(length)))
      if (byte < 250 && digits.length < length) digits += String(byte % 10)
  }
  return digits
}
