// What a VU keeps beside its tags, and that both are objects like any other.
// compare: exit, console
import exec from 'k6/execution';

const attempt = (what) => {
  try {
    return JSON.stringify(what());
  } catch (error) {
    return `${error}`;
  }
};

export default function () {
  const { metadata, tags } = exec.vu.metrics;
  for (const value of ['text', 5, 1.5, false]) {
    console.log(attempt(() => (metadata.key = value)), metadata.key, typeof metadata.key);
  }
  for (const value of [{}, [], null]) console.log(attempt(() => (metadata.bad = value)));
  console.log(Object.keys(metadata).join(), 'key' in metadata, 'bad' in metadata);
  console.log(exec.vu.metrics.metadata.key, Object.keys(exec.vu.metrics).join());
  delete metadata.key;
  console.log(attempt(() => metadata), metadata.key, `${metadata}`);

  tags.mine = 'a';
  console.log(`${exec.vu.tags}`, `${tags}`, tags.mine, 'toString' in tags, 'mine' in tags, tags.none);
  console.log(tags.toString === Object.prototype.toString, tags.hasOwnProperty('mine'));
}
