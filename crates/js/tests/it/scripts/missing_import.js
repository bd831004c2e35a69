import { check } from 'k6';
import nothing from './nothing.js';

export default function () {}
