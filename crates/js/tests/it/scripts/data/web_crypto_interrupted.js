// interrupt-after-ms: 40
// An iteration that ends while a key is searched for hears no more of it.
export default async function () {
  console.log('begins');
  const password = await crypto.subtle.importKey('raw', new Uint8Array(8), 'PBKDF2', false, ['deriveBits']);
  await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-512', salt: new Uint8Array(8), iterations: 30000 }, password, 256);
  console.log('never');
}
