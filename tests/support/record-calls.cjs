// Loaded into a function's worker by NODE_OPTIONS: writes a line for each request that the function sends to AWS, to the
// file that CALLS_FILE names. Plain CommonJS, for it has to stand before the bundle takes what it needs of node:http.
const http = require('node:http');
const { appendFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const send = http.request;

http.request = (...words) => {
  const request = send(...words);
  const options = words.find((word) => typeof word === 'object' && word !== null && 'headers' in word);
  const header = (name) => Object.entries(options?.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(String(header('authorization')))?.[1];
  if (service === undefined) return request;
  const chunks = [];
  const keep = (chunk) => {
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') chunks.push(Buffer.from(chunk));
  };
  const { write, end } = request;
  request.write = (...given) => {
    keep(given[0]);
    return write.apply(request, given);
  };
  request.end = (...given) => {
    keep(given[0]);
    const call = { function: process.env.POWERTOOLS_SERVICE_NAME, service, method: options.method, path: options.path };
    // S3's bodies are compiled watchlists, and no part of what a right is about.
    const body = service === 's3' ? '' : Buffer.concat(chunks).toString('utf8');
    appendFileSync(process.env.CALLS_FILE, `${JSON.stringify({ ...call, target: header('x-amz-target'), body })}\n`);
    return end.apply(request, given);
  };
  return request;
};
syncBuiltinESMExports();
