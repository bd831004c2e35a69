// k6/execution in init code: what is not there yet is an exception.
// compare: exit, console
import exec from 'k6/execution';

const inInit = ['scenario', 'vu', 'instance'].map((part) => {
  try {
    JSON.stringify(exec[part]);
    return `${part} is there`;
  } catch (error) {
    return `${part} throws`;
  }
});

export default function () {
  inInit.forEach((line) => console.log(line));
}
