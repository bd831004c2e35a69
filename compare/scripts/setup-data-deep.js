// Setup data that nests 3,000 levels deep arrives whole: with members on each level.
// compare: exit, console
function deep(levels) {
  let data = { end: true, text: 'a "quoted" \\ back\nslash {[ é€', dates: [, undefined, -0, 1e21] };
  for (let level = 0; level < levels; level++) {
    data = level % 2 ? [level, data, null] : { before: `[${level}`, 'in "it"': data, after: [true, {}, []] };
  }
  return data;
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
      sum += data.before.length + data.after.length + JSON.stringify(data.after).length;
      data = data['in "it"'];
    }
  }
  console.log(levels, sum, [...keys].sort().join(), data.end, data.text, JSON.stringify(data.dates));
}

export function setup() { return deep(3000); }

export default tell;
export const teardown = tell;
