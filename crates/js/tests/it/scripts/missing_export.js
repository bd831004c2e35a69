import { nothing } from 'k6';

export default function () {}
