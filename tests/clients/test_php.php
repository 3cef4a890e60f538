#!/usr/bin/php
<?php

// Tests of the PHP client against the mock; the contract also against the daemon at SENDA_ADDRESS, where that is set.
// Names given as arguments choose tests.

declare(strict_types=1);

require __DIR__ . '/../../clients/php/senda.php';

use Senda\Client;
use Senda\SendaError;

const PATIENT = 20000;

/** A running mock and the directory of its sockets. */
final class Mock
{
  public readonly string $directory;
  public readonly string $tcp;
  private $process;
  private array $pipes = [];

  public function __construct(?string $directory = null)
  {
    $this->directory = $directory ?? newDirectory();
    $command = ['/usr/bin/python3', __DIR__ . '/mock.py', $this->directory];
    $this->process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], STDERR], $this->pipes);
  }

  public function ready(): self
  {
    $this->tcp = explode(' ', trim(fgets($this->pipes[1])))[1];
    return $this;
  }

  public function socketOf(string $behaviour): string
  {
    return "unix:$this->directory/$behaviour.sock";
  }

  public function stop(): void
  {
    array_map(fclose(...), $this->pipes);
    proc_close($this->process);
    array_map(unlink(...), glob("$this->directory/*"));
    rmdir($this->directory);
  }
}

function newDirectory(): string
{
  $directory = sys_get_temp_dir() . '/senda-php-' . bin2hex(random_bytes(6));
  mkdir($directory);
  return $directory;
}

function same(mixed $expected, mixed $actual): void
{
  if ($expected !== $actual) {
    throw new LogicException('expected ' . var_export($expected, true) . ', got ' . var_export($actual, true));
  }
}

function failure(callable $action): SendaError
{
  try {
    $action();
  } catch (SendaError $error) {
    return $error;
  }
  throw new LogicException('expected an error, got an answer');
}

function fails(string $code, callable $action, ?string $field = null): void
{
  $error = failure($action);
  same($code, $error->code);
  if ($field !== null) {
    same($field, $error->field);
  }
}

/** The part of the contract that a daemon keeps which remembers customers. */
function checkMemory(Client $client): void
{
  $tracked = $client->track(['event' => 'page_view', 'customer' => 'php-test']);
  same([true, false], [$tracked['accepted'], $tracked['duplicate']]);
  [$kept, $refused] = $client->track([['event' => 'page_view', 'customer' => 'php-test'], ['evnt' => 'click']]);
  same([true, false], [$kept['accepted'], $refused['accepted']]);
  same('php-test', $client->profile->get('php-test')['customer']);
  fails('NOT_FOUND', fn () => $client->profile->get('nobody-at-all'));
  checkHistory($client);
}

/** What a visitor did is found again under the name that they turn out to have, until it is erased. */
function checkHistory(Client $client): void
{
  $decision = $client->recommend(['placement' => 'hero', 'customer' => 'php-visitor']);
  $offer = $decision['items'][0]['offer'];
  $client->track(['event' => 'impression', 'customer' => 'php-visitor', 'decision' => $decision['decision'], 'offer' => $offer]);
  same($decision['decision'], $client->explain($decision['decision'])['decision']);
  $client->profile->set('php-visitor', ['traits' => ['size' => 'L'], 'consents' => ['marketing' => true]]);
  same(true, $client->identify('php-visitor', 'php-known')['merged']);
  $profile = $client->profile->get('php-visitor');
  same([['size' => 'L'], ['marketing' => true]], [$profile['traits'], $profile['consents']]);
  same([1, 1], [$profile['counts']['impression'], $profile['offers'][$offer]['impressions']]);
  same(true, count($client->journeyMap()['stages']) > 0);
  same(true, $client->profile->erase('php-known')['erased']);
  fails('NOT_FOUND', fn () => $client->profile->get('php-visitor'));
}

function checkContract(string $address): void
{
  $client = new Client($address, token: getenv('SENDA_TOKEN') ?: null, timeoutMs: PATIENT);
  $client->ping();
  $methods = $client->hello()['methods'];
  $decision = $client->recommend(['placement' => 'hero', 'customer' => 'php-test', 'stage' => null]);
  same(1, preg_match('/^[\w.~-]{1,160}$/', $decision['decision']));
  same('hero', $decision['placement']);
  same(true, array_is_list($decision['items']));
  if (in_array('track', $methods, true)) {
    checkMemory($client);
  }
  fails('INVALID', fn () => $client->recommend(['placement' => 'heroo']), 'placement');
  fails('UNKNOWN_METHOD', fn () => $client->call('pingg'));
  $many = $client->pipeline();
  $replies = array_map(fn () => $many->recommend(['placement' => 'hero']), range(1, 100));
  same(array_fill(0, 100, 'hero'), array_map(fn ($reply) => $reply->result()['placement'], $replies));
}

enum Colour: string
{
  case Red = 'red';
}

/** Every test by name. */
function tests(Mock $mock): array
{
  $client = fn (string $behaviour, mixed ...$options) => new Client($mock->socketOf($behaviour), ...$options + ['timeoutMs' => PATIENT]);
  // Ends the page for persistent connections: what PHP itself does between two requests of a web server's process.
  $endPage = fn () => (new ReflectionClass(Senda\Connection::class))->setStaticPropertyValue('shared', []);
  $drop = function (Client $client): void {
    $connection = (new ReflectionProperty(Client::class, 'connection'))->getValue($client);
    same(true, $connection->notify('mock.drop', [], PATIENT));
  };

  $tests = [
    'contract over a unix socket' => fn () => checkContract($mock->socketOf('plain')),

    'contract over tcp' => fn () => checkContract($mock->tcp),

    'null is left out and an event gets a key' => function () use ($client) {
      $plain = $client('plain');
      $plain->recommend(['placement' => 'hero', 'customer' => null, 'context' => ['empty' => null]]);
      $plain->track(['event' => 'click', 'customer' => 'nulls', 'offer' => null]);
      $plain->recommend(['placement' => 'hero', 'customer' => '', 'context' => ['customer' => '']]);
      [$recommend, $track, $empty] = array_slice($plain->call('mock.log')['log'], -4);
      same([['placement' => 'hero', 'context' => ['customer' => '']]], $empty['params']);
      same([['placement' => 'hero', 'context' => ['empty' => null]]], $recommend['params']);
      same(['event', 'customer', 'id'], array_keys($track['params'][0]));
    },

    'a key given is kept and counts once' => function () use ($client) {
      $event = ['event' => 'click', 'customer' => 'keys', 'id' => 'php-key'];
      same(false, $client('plain')->track($event)['duplicate']);
      same(true, $client('plain')->track($event)['duplicate']);
    },

    'an event that failed counts once if it is sent again with the id of the error' => function () use ($client) {
      $late = $client('late');
      $event = ['event' => 'click', 'customer' => 'php-retries'];
      $id = failure(fn () => $late->track($event, timeoutMs: 30))->id;
      same(true, is_string($id));
      same(true, $late->track(['id' => $id] + $event)['duplicate']);
      [$made, $nothing, $own] = failure(fn () => $late->track([$event, null, ['id' => 'own'] + $event], timeoutMs: 30))->id;
      same(['string', null, 'own'], [gettype($made), $nothing, $own]);
    },

    'every method reaches its own' => function () use ($client) {
      $plain = $client('plain');
      $plain->identify('anonymous', 'methods');
      $plain->profile->set('methods', ['traits' => ['size' => 'L']]);
      same(['size' => 'L'], $plain->profile->get('methods')['traits']);
      same(true, $plain->profile->restrict('methods')['restricted']);
      same(false, $plain->profile->restrict('methods', false)['restricted']);
      same('methods', $plain->profile->export('methods')['customer']);
      same(true, $plain->profile->erase('methods')['erased']);
      $decision = $plain->recommend(['placement' => 'hero'])['decision'];
      same($decision, $plain->explain($decision)['decision']);
      same(1, $plain->journeyMap(['journey' => 'seven-stages', 'from' => 1])['from']);
      same(true, is_int($plain->stats()['requests']));
    },

    'errors as pairs are understood' => function () use ($client) {
      $plain = $client('plain');
      $plain->hello(['errors' => 'pair']);
      fails('INVALID', fn () => $plain->recommend(['placement' => 'x']), 'placement');
      fails('UNKNOWN_METHOD', fn () => $plain->call('recomend'));
      same('INTERNAL: it: broke', (string) Senda\SendaError::fromReply([8, 'it: broke']));
      same('INTERNAL', Senda\SendaError::fromReply([99, 'a code of later'])->code);
    },

    'objects are sent as what they mean' => function () use ($client) {
      $sent = [
        'map' => (object) ['a' => (object) []], 'gaps' => [2 => 'b', 5 => 'c'], 'enum' => Colour::Red,
        'moment' => new DateTimeImmutable('2026-03-01T00:00:00Z'),
      ];
      $received = $client('plain')->call('mock.echo', $sent);
      same(['map' => ['a' => []], 'gaps' => ['b', 'c'], 'enum' => 'red', 'moment' => 1772323200.0], $received);
    },

    'maps are sent as maps, whatever their keys look like' => function () use ($client) {
      $basket = ['cart' => (object) ['1001' => 2, '1002' => 1], 'list' => range(0, 19), 'map' => ['k' => 0, ...array_flip(range(1, 20))]];
      same([1001 => 2, 1002 => 1], $client('plain')->call('mock.echo', $basket)['cart']);
      same($basket['list'], $client('plain')->call('mock.echo', $basket)['list']);
      same($basket['map'], $client('plain')->call('mock.echo', $basket)['map']);
      $codec = new MessagePack(false);
      same('82a43130303102a3736b7501', bin2hex(Senda\packed($codec, ['1001' => 2, 'sku' => 1], '')));
      same(['80', '90'], [bin2hex(Senda\packed($codec, (object) [], '')), bin2hex(Senda\packed($codec, [], ''))]);
      foreach (['list' => [range(1, 70000), 'dd00011170'], 'map' => [['k' => 0] + range(1, 70000), 'df00011171']] as [$large, $head]) {
        same($head, bin2hex(substr(Senda\packed($codec, $large, ''), 0, 5)));
      }
    },

    'in a list of events only what is none is refused' => function () use ($client) {
      $event = ['event' => 'click', 'customer' => 'php-lists', 'offer' => null];
      same([true, false, false, true, true], array_column($client('plain')->track([$event, null, 'click', $event, (object) $event]), 'accepted'));
      fails('INVALID', fn () => $client('plain')->recommend(['hero']));
    },

    'a list of events may have gaps' => function () use ($client) {
      $event = ['event' => 'click', 'customer' => 'gaps'];
      same([true, true], array_column($client('plain')->track([3 => $event, 7 => $event]), 'accepted'));
    },

    'what MessagePack cannot hold is refused here' => function () use ($client) {
      $plain = $client('plain');
      $circle = new stdClass();
      $circle->self = $circle;
      fails('INVALID', fn () => $plain->recommend(['placement' => fn () => 1]), 'placement');
      fails('INVALID', fn () => $plain->recommend(['placement' => 'hero', 'context' => ['cart' => [0, fn () => 1]]]), 'context.cart[1]');
      fails('INVALID', fn () => $plain->track([['event' => fn () => 1]]), 'events[0].event');
      fails('INVALID', fn () => $plain->recommend(['placement' => $circle]));
      $plain->ping();
    },

    'a time limit may be as long as it likes, but is a number' => function () use ($client) {
      $client('plain')->ping(INF);
      $client('plain', timeoutMs: INF)->ping();
      $client('plain')->ping(3e9);
      fails('INVALID', fn () => $client('plain')->ping(NAN), 'timeoutMs');
    },

    'an address that is none is refused at once' => function () {
      foreach (['/run/senda.sock', 'tcp:localhost', 'tcp:7000', 'unix:', 'tcp:localhost:0', 'tls:localhost:65536'] as $address) {
        fails('INVALID', fn () => new Client($address), 'address');
      }
      same('tcp://[::1]:7000', Senda\streamAddress('tcp:[::1]:7000'));
    },

    'the scanner cuts every kind of value' => function () {
      $payload = str_repeat('x', 300);
      $values = [
        "\x05", "\xff", "\xc0", "\xc2", "\xc3", "\xca\0\0\0\0", "\xcb" . str_repeat("\0", 8), "\xcc\x01", "\xcd\0\1",
        "\xce\0\0\0\1", "\xcf" . str_repeat("\0", 8), "\xd0\1", "\xd1\0\1", "\xd2\0\0\0\1", "\xd3" . str_repeat("\0", 8),
        "\xd4\1\0", "\xd5\1\0\0", "\xd6\1\0\0\0\0", "\xd7\1" . str_repeat("\0", 8), "\xd8\1" . str_repeat("\0", 16),
        "\xc4\2ab", "\xc5\1\x2c$payload", "\xc6\0\0\1\x2c$payload", "\xc7\2\5ab", "\xc8\0\2\5ab", "\xc9\0\0\0\2\5ab",
        "\xa2ab", "\xd9\2ab", "\xda\1\x2c$payload", "\xdb\0\0\1\x2c$payload", "\x80", "\x90",
        "\x82\xa1a\x01\xa1b\x91\xc0", "\x92\x81\xa1k\xc3\xa0", "\xdc\0\2\1\2", "\xdd\0\0\0\1\x90", "\xde\0\1\xa1a\1",
        "\xdf\0\0\0\1\xa1a\1",
      ];
      $scanner = new Senda\Scanner();
      $found = [];
      foreach (str_split(implode('', $values)) as $byte) {
        $scanner->feed($byte);
        while (($value = $scanner->next()) !== null) {
          $found[] = $value;
        }
      }
      same(array_map(bin2hex(...), $values), array_map(bin2hex(...), $found));
      $scanner->feed("\xc1");
      fails('PROTOCOL', fn () => $scanner->next());
    },

    'replies arriving byte by byte' => function () use ($client) {
      $fragment = $client('fragment');
      $decision = $fragment->recommend(['placement' => 'hero', 'count' => 3]);
      same(3, count($decision['items']));
      same('Guía de compra', $decision['items'][2]['title']);
      fails('INVALID', fn () => $fragment->recommend(['placement' => 'x']));
    },

    'replies out of order' => function () use ($client) {
      $many = $client('reorder')->pipeline();
      $replies = array_map(fn ($number) => $many->call('mock.echo', ['number' => $number]), range(0, 9));
      same(range(0, 9), array_map(fn ($reply) => $reply->result()['number'], $replies));
    },

    'replies that nobody waits for are dropped' => function () use ($client) {
      $unasked = $client('unasked');
      same(['a' => 1], $unasked->call('mock.echo', ['a' => 1]));
      same(['b' => 2], $unasked->call('mock.echo', ['b' => 2]));
    },

    'replies too late are not taken for the next request' => function () use ($client) {
      $late = $client('late');
      fails('TIMEOUT', fn () => $late->call('mock.echo', ['first' => 1], timeoutMs: 30));
      same(['second' => 2], $late->call('mock.echo', ['second' => 2]));
    },

    'replies many and large both ways at once' => function () use ($client) {
      $text = str_repeat('x', 50000);
      $many = $client('plain')->pipeline();
      $replies = array_map(fn ($number) => $many->call('mock.echo', ['number' => $number, 'text' => $text]), range(0, 199));
      foreach ($replies as $number => $reply) {
        same(true, $reply->result() === ['number' => $number, 'text' => $text]);
      }
    },

    'a request lost midway is sent again' => function () use ($client) {
      $broken = $client('break-once');
      same(true, $broken->track(['event' => 'click', 'customer' => 'broken'])['accepted']);
      [$first, $second] = $broken->call('mock.log')['log'];
      same($first['params'][0]['id'], $second['params'][0]['id']);
      same([1, 2], [$first['connection'], $second['connection']]);
    },

    'a request lost twice fails' => fn () => fails('DISCONNECTED', fn () => $client('break-always')->ping()),

    'the next request connects again' => function () use ($client, $drop) {
      $plain = $client('plain');
      for ($round = 0; $round < 3; $round++) {
        $plain->ping();
        $drop($plain);
      }
      $plain->ping();
    },

    'bytes that are no MessagePack-RPC' => fn () => fails('PROTOCOL', fn () => $client('garbage')->ping()),

    'nobody listening' => function () use ($client) {
      $hidden = [];
      $onError = function ($error) use (&$hidden) {
        $hidden[] = $error->code;
      };
      $nobody = $client('nobody', timeoutMs: 120, onError: $onError);
      fails('UNREACHABLE', fn () => $nobody->ping());
      same(false, $nobody->trackNoReply(['event' => 'click']));
      same(['UNREACHABLE'], $hidden);
    },

    'a daemon that comes up later is found' => function () {
      $directory = newDirectory();
      $later = new Mock($directory);
      try {
        (new Client("unix:$directory/plain.sock", timeoutMs: PATIENT))->ping();
      } finally {
        $later->stop();
      }
    },

    'closing fails what is unanswered' => function () use ($client) {
      $hang = $client('hang');
      $unanswered = $hang->pipeline()->ping();
      $hang->close();
      fails('CLOSED', fn () => $unanswered->result());
      fails('CLOSED', fn () => $hang->ping());
    },

    'a pipeline sends what nobody asks the result of' => function () use ($client) {
      $many = $client('hold')->pipeline();
      $many->call('mock.hold', ['number' => 1]);
      $other = $client('hold');
      while ($other->call('mock.held')['held'] === 0);
      $other->call('mock.release');
    },

    'the time of a pipeline counts from when its answers are waited for' => function () use ($client) {
      [$hold, $other] = [$client('hold'), $client('hold')];
      $work = fn () => fails('TIMEOUT', fn () => $client('hang')->ping(120)); // what the page does meanwhile
      $echoes = fn () => array_count_values(array_column($other->call('mock.log')['log'], 'method'))['mock.echo'] ?? 0;
      foreach ([3 => 'without a connection', 6 => 'with one'] as $due => $_) {
        $many = $hold->pipeline();
        $replies = array_map(fn ($number) => $many->call('mock.echo', ['number' => $number], timeoutMs: 60), range(0, 2));
        while ($echoes() < $due);
        $work();
        same(['number' => 0], $replies[0]->result());
        $work();
        same([0, 1, 2], array_map(fn ($reply) => $reply->result()['number'], $replies));
      }
    },

    'a forked process gets a connection of its own' => function () use ($client) {
      $plain = $client('plain');
      $plain->ping();
      $child = pcntl_fork();
      if ($child === 0) {
        // Without the shutdown of PHP, which would end the parent's mock.
        $fine = $plain->call('mock.echo', ['child' => 1]) === ['child' => 1];
        posix_kill(getmypid(), $fine ? SIGTERM : SIGKILL);
      }
      pcntl_waitpid($child, $status);
      same(SIGTERM, pcntl_wtermsig($status));
      same(['parent' => 1], $plain->call('mock.echo', ['parent' => 1]));
    },

    'a client let go closes its connection' => function () use ($client) {
      $connections = count(get_resources('stream'));
      $plain = $client('plain');
      $plain->ping();
      unset($plain);
      same($connections, count(get_resources('stream')));
    },

    'a persistent connection serves the next page, authorized once' => function () use ($client, $endPage) {
      $client('auth', token: 'secret', persistent: true)->ping();
      $endPage();
      $next = $client('auth', token: 'secret', persistent: true);
      $log = array_slice($next->call('mock.log')['log'], -3);
      same(['auth', 'ping', 'mock.log'], array_column($log, 'method'));
      same(1, count(array_unique(array_column($log, 'connection'))));
      $next->close();
      $endPage();
    },

    'persistent clients of one page share the connection' => function () use ($client, $endPage) {
      [$one, $other] = [$client('plain', persistent: true), $client('plain', persistent: true)];
      $early = $one->pipeline()->call('mock.echo', ['early' => 1]);
      same(['other' => 2], $other->call('mock.echo', ['other' => 2]));
      same(['early' => 1], $early->result());
      $one->close();
      $endPage();
    },

    'a page that leaves answers behind closes its persistent connection' => function () use ($client, $endPage) {
      $leaver = $client('plain', persistent: true);
      $leaver->ping();
      $leaver->pipeline()->call('mock.echo', ['left' => 1]);
      unset($leaver);
      $endPage();
      $next = $client('plain', persistent: true);
      $log = $next->call('mock.log')['log'];
      same([$log[count($log) - 1]['connection'] - 1], [$log[count($log) - 2]['connection']]);
      $next->close();
      $endPage();
    },

    'the token is given first on every connection' => function () use ($client, $drop) {
      $auth = $client('auth', token: 'secret');
      $auth->ping();
      $start = count($auth->call('mock.log')['log']);
      $drop($auth);
      $auth->ping();
      $log = array_slice($auth->call('mock.log')['log'], $start);
      same(['mock.drop', 'auth', 'ping', 'mock.log'], array_column($log, 'method'));
    },

    'a token refused fails the requests at once' => fn () =>
      fails('UNAUTHORIZED', fn () => $client('auth', token: 'guess')->ping(), 'token'),

    'a token refused stays the reason while senda takes long to look at it again' => function () use ($client) {
      $wary = $client('wary', token: 'guess');
      foreach ([PATIENT, 120, 600] as $timeoutMs) {
        fails('UNAUTHORIZED', fn () => $wary->ping($timeoutMs), 'token');
      }
    },

    'a token left out is told' => fn () => fails('UNAUTHORIZED', fn () => $client('auth')->ping()),

    'a token given later is kept for later connections' => function () use ($client, $drop) {
      $auth = $client('auth');
      fails('UNAUTHORIZED', fn () => $auth->auth('guess'));
      $auth->auth('secret');
      $drop($auth);
      $auth->ping();
    },

    'recommendOr gives the decision where there is one' => function () use ($client) {
      $decision = $client('plain')->recommendOr(['placement' => 'hero'], timeoutMs: PATIENT);
      same([1, null], [count($decision['items']), $decision['fallback']]);
    },

    'recommendOr labels its own answer' => function () use ($client) {
      foreach (['hang' => 'TIMEOUT', 'nobody' => 'UNREACHABLE', 'auth' => 'UNAUTHORIZED'] as $behaviour => $code) {
        $hidden = [];
        $onError = function ($error) use (&$hidden) {
          $hidden[] = $error->code;
        };
        $timeoutMs = $behaviour === 'auth' ? PATIENT : 120;
        $mine = [['offer' => 'mine']];
        $decision = $client($behaviour, onError: $onError)->recommendOr(['placement' => 'hero'], $mine, $timeoutMs);
        same([null, 'hero', 'client_error'], [$decision['decision'], $decision['placement'], $decision['fallback']]);
        same(true, str_starts_with($decision['because'], "$code: "));
        same([$mine, [$code]], [$decision['items'], $hidden]);
      }
    },

    'recommendOr survives nonsense and a report that throws' => function () use ($client) {
      $plain = $client('plain', onError: fn () => throw new LogicException('report'));
      foreach ([null, 'hero', ['placement' => fn () => 1], ['placement' => 'x']] as $nonsense) {
        $decision = $plain->recommendOr($nonsense, null);
        same([[], 'client_error'], [$decision['items'], $decision['fallback']]);
      }
    },

    'trackNoReply is applied' => function () use ($client) {
      $plain = $client('plain');
      same(true, $plain->trackNoReply(['event' => 'click', 'customer' => 'quiet']));
      same('quiet', $plain->profile->get('quiet')['customer']);
      $event = ['event' => 'click', 'customer' => 'php-quiet-list', 'offer' => null];
      same(true, $plain->trackNoReply([3 => $event, 7 => $event]));
      same(2, $plain->profile->get('php-quiet-list')['counts']['click']);
    },
  ];
  if (getenv('SENDA_ADDRESS')) {
    $tests['contract of the daemon itself'] = fn () => checkContract(getenv('SENDA_ADDRESS'));
  }
  return $tests;
}

function passes(string $name, callable $test): bool
{
  try {
    $test();
    return true;
  } catch (Throwable $error) {
    fwrite(STDERR, "FAILED $name: $error\n{$error->getTraceAsString()}\n");
    return false;
  }
}

function main(array $chosen): int
{
  set_error_handler(fn ($level, $text) => error_reporting() & $level ? throw new ErrorException($text) : false);
  $mock = (new Mock())->ready();
  $tests = tests($mock);
  $tests = $chosen ? array_intersect_key($tests, array_flip($chosen)) : $tests;
  $results = array_map(fn ($name) => passes($name, $tests[$name]), array_keys($tests));
  $mock->stop();
  $passed = count(array_filter($results));
  $failed = count($results) - $passed;
  echo "$passed passed, $failed failed\n";
  return $failed === 0 && $passed > 0 ? 0 : 1;
}

exit(main(array_slice($argv, 1)));
