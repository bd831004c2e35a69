export function setup() {
  throw new Error('no account');
}
export default function () {}
