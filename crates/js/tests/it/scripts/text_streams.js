// TextEncoderStream and TextDecoderStream: characters that are cut in two between chunks, and what is no text.
async function all(readable) {
  const chunks = [];
  for await (const chunk of readable) chunks.push(chunk);
  return chunks;
}

export default async function () {
  const encoder = new TextEncoder();
  // What a script puts elsewhere before it first asks for them changes nothing.
  globalThis.TextEncoder = globalThis.TextDecoder = null;
  const heart = encoder.encode('I \u{1F499} it');
  const cut = ReadableStream.from([heart.slice(0, 3), heart.slice(3, 5), heart.slice(5)]);
  console.log('decoded', await all(cut.pipeThrough(new TextDecoderStream())));

  const halves = ReadableStream.from(['\uD83D', '\uDC99\uD83D', 7]).pipeThrough(new TextEncoderStream());
  for (const chunk of await all(halves)) console.log('encoded', chunk.constructor.name, [...chunk]);
  const alone = ReadableStream.from(['\uD83D']).pipeThrough(new TextEncoderStream());
  console.log('alone', [...(await all(alone))[0]]);

  const strict = new TextDecoderStream('utf-16', { fatal: true });
  console.log('about', strict.encoding, strict.fatal, strict.ignoreBOM, new TextEncoderStream().encoding);
  for (const chunk of [undefined, 'text', new Uint8Array([0, 0xD8, 0, 0])]) {
    try {
      await all(ReadableStream.from([chunk]).pipeThrough(new TextDecoderStream('utf-16', { fatal: true })));
    } catch (error) {
      console.log('refused', error.name, error.message);
    }
  }
  const failure = structuredClone(new Error('outer', { cause: new RangeError('inner') }));
  console.log('cloned', failure.message, failure.cause.name, failure.cause.message, Object.keys(failure).length);
}
