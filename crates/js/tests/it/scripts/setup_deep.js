// Setup data that nests deeper than the engine follows it.
function deep(levels) {
  let data = { end: true, text: 'a "quoted" \\ back\nslash {[ é€', dates: [new Date(0), , undefined, -0, 1e21] };
  for (let level = 0; level < levels; level++) {
    data = level % 2 ? [level, data, null] : { before: `[${level}`, 'in "it"': data, after: [true, {}, []], skipped: undefined, toJSON };
  }
  return data;
}

function toJSON(key) {
  return { before: this.before, key, inside: this['in "it"'], after: this.after };
}

function tell(data) {
  let levels = 0;
  let sum = 0;
  const keys = new Set();
  while (!data.end) {
    levels += 1;
    if (Array.isArray(data)) {
      sum += data[0] + data.length;
      data = data[1];
    } else {
      for (const key of Object.keys(data)) keys.add(key);
      keys.add(`key ${data.key}`);
      sum += data.before.length + data.after.length + JSON.stringify(data.after).length;
      data = data.inside;
    }
  }
  console.log(levels, sum, [...keys].join(), JSON.stringify(data));
}

export function setup() { return deep(3000); }

export default tell;
export const teardown = tell;
