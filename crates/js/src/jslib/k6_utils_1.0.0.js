// k6-utils, written from its documentation: what version 1.0.0 exports.

/** A random UUID, version 4. With `secure` from the cryptographic generator, else from `Math.random()`. */
export function uuidv4(secure = false) {
  if (secure) return crypto.randomUUID();
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (place) => {
    const digit = Math.floor(Math.random() * 16);
    return (place === 'x' ? digit : (digit & 3) | 8).toString(16);
  });
}

/** A random integer, both bounds included. */
export function randomIntBetween(min, max) {
  return min + Math.floor(Math.random() * (max - min + 1));
}

/** A random element. */
export function randomItem(arrayOfItems) {
  return arrayOfItems[Math.floor(Math.random() * arrayOfItems.length)];
}

/** A random string; a character that is more than once in the charset is so much more likely. */
export function randomString(length, charset = 'abcdefghijklmnopqrstuvwxyz') {
  let text = '';
  for (let i = 0; i < length; i++) text += charset[Math.floor(Math.random() * charset.length)];
  return text;
}
