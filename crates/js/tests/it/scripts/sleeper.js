import { sleep } from 'k6';

export default function () {
  console.log(Math.random());
  sleep(10);
}
