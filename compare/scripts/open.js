// open() reads text and bytes in init code, relative to the script, and is gone afterwards.
// compare: exit, console, errors
const text = open('./lib/data.txt');
const bytes = open('./lib/data.txt', 'b');

export default function () {
  console.log(JSON.stringify(text), bytes.byteLength, new Uint8Array(bytes)[0]);
  try {
    open('./lib/data.txt');
    console.log('not reached');
  } catch (error) {
    console.log('open() is for init code');
  }
}
