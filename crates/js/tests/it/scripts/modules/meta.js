import { where } from './lib/deep.js';

export default function () {
  console.log(import.meta.url, import.meta.resolve('./a.js'), import.meta.resolve('k6/http'));
  console.log(where('../b.js'));
  try {
    import.meta.resolve('lodash');
  } catch (error) {
    console.log(error.message.slice(0, 40));
  }
}
