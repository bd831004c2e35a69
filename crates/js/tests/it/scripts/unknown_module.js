import http from 'k6/htpp';

export default function () {}
