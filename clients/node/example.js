'use strict';

// Walks through the client: asks for a recommendation, tells what became of it, looks the customer up.
// usage: node example.js ADDRESS [PLACEMENT]      (or SENDA_ADDRESS in the environment; SENDA_TOKEN where one is set)

const { Client, SendaError } = require('./senda.js');

const address = process.argv[2] || process.env.SENDA_ADDRESS;
const placement = process.argv[3] || 'hero';

async function tell(senda, decision) {
  const [shown] = decision.items;
  const tracked = await senda.track({
    event: 'impression', customer: 'ana', decision: decision.decision, offer: shown?.offer, placement,
  });
  console.log('impression', tracked);
  console.log('two at once', await senda.track([
    { event: 'click', customer: 'ana', decision: decision.decision, offer: shown?.offer, placement },
    { event: 'page_view', customer: 'ana', properties: { section: 'laptops' } },
  ]));
  await senda.trackNoReply({ event: 'page_view', customer: 'ana' });
  console.log('ana', await senda.profile.get('ana'));
}

async function walk(senda) {
  const hello = await senda.hello();
  console.log('hello', hello);

  const decision = await senda.recommend({ placement, customer: 'ana', context: { page: '/laptops' } });
  console.log(`ana is in stage ${decision.stage}; show:`);
  for (const item of decision.items) console.log(`  ${item.title} (${item.offer}): ${item.because}`);

  if (hello.methods.includes('track')) {
    await tell(senda, decision).catch((error) => {
      if (error.code !== 'UNAVAILABLE') throw error;
      console.log(`nothing told: ${error}\n  (sendad remembers customers when it is started with --state DIR)`);
    });
  }

  const [pong, stats] = await Promise.all([senda.ping(), senda.stats()]);
  console.log('ping', pong);
  console.log('stats', stats);

  await senda.recommend({ placement: `${placement}o` }).catch((error) => {
    if (!(error instanceof SendaError)) throw error;
    console.log(`refused as it should be: ${error} (field ${error.field})`);
  });
}

async function main() {
  if (!address) throw new Error('usage: node example.js ADDRESS [PLACEMENT]');
  const senda = new Client(address, { token: process.env.SENDA_TOKEN });
  try {
    await walk(senda);
  } finally {
    senda.close();
  }
}

main().catch((error) => {
  console.error(String(error));
  process.exitCode = 1;
});
