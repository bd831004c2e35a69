import { word } from './lib/words.js';
export default function () {}
