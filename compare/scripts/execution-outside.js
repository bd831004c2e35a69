// What `k6/execution` says in `setup` and `teardown`.
// compare: exit, console
import exec from 'k6/execution';

const attempt = (name, run) => {
  try {
    console.log(name, JSON.stringify(run()));
  } catch (error) {
    console.log(name, 'threw', error.message);
  }
};

function all(where) {
  attempt(`${where} vu`, () => exec.vu.idInTest);
  attempt(`${where} iteration`, () => exec.vu.iterationInScenario);
  attempt(`${where} scenario`, () => Object.keys(exec.scenario).sort());
  attempt(`${where} name`, () => exec.scenario.name);
  attempt(`${where} options`, () => exec.test.options.userAgent);
}


export function setup() { all('setup'); }
export default function () {}
export function teardown() { all('teardown'); }
