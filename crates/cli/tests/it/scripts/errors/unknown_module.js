import http from 'k6/htp';
export default function () {}
