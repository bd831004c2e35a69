// k6/experimental/streams: the example of its documentation in small, timers under a stream, blobs, and the same interfaces as
// globals.
import { CountQueuingStrategy, ReadableStream } from 'k6/experimental/streams';
import streams from 'k6/experimental/streams';

function numbers() {
  let current = 0;
  let timer;
  return new ReadableStream({
    start(controller) {
      timer = setInterval(() => {
        controller.enqueue(++current);
        if (current === 3) {
          clearInterval(timer);
          controller.close();
        }
      }, 1);
    },
    cancel(reason) {
      console.log('cancelled', reason);
      clearInterval(timer);
    },
  });
}

export default async function () {
  const reader = numbers().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    console.log('read', value);
  }
  for await (const number of numbers()) {
    console.log('iterated', number);
    if (number === 2) break;
  }
  const [one, two] = new ReadableStream({
    pull(controller) {
      controller.enqueue('chunk');
      controller.close();
    },
  }, new CountQueuingStrategy({ highWaterMark: 1 })).tee();
  console.log('tee', (await one.getReader().read()).value, (await two.getReader().read()).value);
  const lengths = [];
  for await (const chunk of new Blob(['x'.repeat(100000)]).stream()) lengths.push(chunk.length);
  console.log('blob', lengths);
  const errored = new ReadableStream({ pull() { throw new TypeError('no more'); } });
  try {
    await errored.getReader().read();
  } catch (error) {
    console.log('caught', error.name, error.message);
  }
  console.log('global', globalThis.ReadableStream === ReadableStream, Object.keys(streams).length);
}
