// -e reaches the script as text, in init code and in iterations, and can be told from absence.
// args: -e NAME=value -e EMPTY= -e EQUALS=a=b -e NUMBER=5 --iterations 1
// compare: exit, console
const seen = __ENV.NAME;

export default function () {
  console.log(seen, __ENV.NAME, __ENV.EQUALS, __ENV.NUMBER, typeof __ENV.NUMBER);
  console.log(JSON.stringify(__ENV.EMPTY), __ENV.NO_SUCH_VARIABLE, 'EMPTY' in __ENV);
}
