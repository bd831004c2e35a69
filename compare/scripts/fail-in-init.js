// `fail()` in init code.
// compare: exit, console
import { fail } from 'k6';

console.log('loading');
fail('no init');

export default function () { console.log('never'); }
