'use strict';

// Drives a daemon through the MessagePack-RPC transport of the npm package `neovim`.

const net = require('node:net');
const { once } = require('node:events');
const { Transport } = require('neovim/lib/utils/transport');
const { check, main } = require('./check.js');

main('neovim-transport', async (target) => {
  const socket = net.connect(target);
  await once(socket, 'connect');
  const transport = new Transport();
  transport.attach(socket, socket, null);
  const request = (method, ...params) =>
    new Promise((resolve, reject) => {
      transport.request(method, params, (error, result) => (error ? reject(error) : resolve(result)));
    });
  transport.notify('track', [{ event: 'page_view', customer: 'neovim' }]);
  try {
    await check(request);
  } finally {
    // Ends when the daemon closes its side in turn.
    await Promise.all([transport.close(), once(transport, 'detach')]);
  }
});
