// A scenario whose function does not exist is a configuration error.
// compare: exit, console
export const options = {
  scenarios: { one: { executor: 'shared-iterations', exec: 'nothing', iterations: 1 } },
};
export default function () {}
