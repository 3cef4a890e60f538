'use strict';

// Drives a daemon through the npm package `msgpack-rpc-lite`.

const { once } = require('node:events');
const { Client } = require('msgpack-rpc-lite');
const { check, main } = require('./check.js');

main('msgpack-rpc-lite', async (target) => {
  const client = new Client(target);
  await once(client, 'connect');
  // Its promises resolve to [result, msgid].
  const request = (method, ...params) => client.request(method, ...params).then(([result]) => result);
  try {
    await client.notify('track', { event: 'page_view', customer: 'msgpack-rpc-lite' });
    await check(request);
  } finally {
    client.close();
  }
});
