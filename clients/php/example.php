<?php

// Walks through the client: asks for a recommendation, tells what became of it, looks the customer up.
// usage: php example.php ADDRESS [PLACEMENT]      (or SENDA_ADDRESS in the environment; SENDA_TOKEN where one is set)

declare(strict_types=1);

require __DIR__ . '/senda.php';

function show(string $title, mixed $value): void
{
  echo $title, ' ', json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
}

function tell(Senda\Client $senda, array $decision, string $placement): void
{
  $seen = [
    'customer' => 'ana', 'decision' => $decision['decision'], 'offer' => $decision['items'][0]['offer'] ?? null,
    'placement' => $placement,
  ];
  show('impression', $senda->track(['event' => 'impression'] + $seen));
  show('two at once', $senda->track([
    ['event' => 'click'] + $seen,
    ['event' => 'page_view', 'customer' => 'ana', 'properties' => ['section' => 'laptops']],
  ]));
  $senda->trackNoReply(['event' => 'page_view', 'customer' => 'ana']);
  show('ana', $senda->profile->get('ana'));
}

function walk(Senda\Client $senda, string $placement): void
{
  $hello = $senda->hello();
  show('hello', $hello);

  $decision = $senda->recommend(['placement' => $placement, 'customer' => 'ana', 'context' => ['page' => '/laptops']]);
  echo "ana is in stage $decision[stage]; show:\n";
  foreach ($decision['items'] as $item) {
    echo "  $item[title] ($item[offer]): $item[because]\n";
  }

  if (in_array('track', $hello['methods'], true)) {
    try {
      tell($senda, $decision, $placement);
    } catch (Senda\SendaError $error) {
      if ($error->code !== 'UNAVAILABLE') {
        throw $error;
      }
      echo "nothing told: $error\n  (sendad remembers customers when it is started with --state DIR)\n";
    }
  }

  $many = $senda->pipeline();
  [$pong, $stats] = [$many->ping(), $many->stats()];
  show('ping', $pong->result());
  show('stats', $stats->result());

  try {
    $senda->recommend(['placement' => $placement . 'o']);
  } catch (Senda\SendaError $error) {
    echo "refused as it should be: $error (field $error->field)\n";
  }
}

$address = $argv[1] ?? (getenv('SENDA_ADDRESS') ?: null);
if ($address === null) {
  fwrite(STDERR, "usage: php example.php ADDRESS [PLACEMENT]\n");
  exit(1);
}
walk(new Senda\Client($address, token: getenv('SENDA_TOKEN') ?: null), $argv[2] ?? 'hero');
