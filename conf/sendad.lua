-- sendad's configuration: every option with its default. Take the dashes away to set one.
-- The file is Lua without any library: assignments, texts, numbers and lists. Flags go over it: deadline_ms is
-- --deadline-ms. `sendad --config FILE --print-config` shows what holds and where it came from.

-- The site ---------------------------------------------------------------------------------------------------

-- folder of the site to serve
-- site = ""

-- folder for what has to outlive the daemon; made if missing, held by one daemon at a time
-- state = ""

-- Who may ask, and where -------------------------------------------------------------------------------------

-- where websites ask: unix:PATH, tcp:HOST:PORT or tls:HOST:PORT; several are fine
-- listen = { "tcp:127.0.0.1:7420" }

-- file mode of Unix sockets, octal
-- socket_mode = "0660"

-- connections that may wait to be accepted
-- backlog = 1024

-- connections that may be open at each address, all workers together
-- connections = 10000

-- where operators ask: unix:PATH; none without it
-- control = ""

-- file mode of the control socket, octal
-- control_mode = "0600"

-- what clients on TCP must show first, scope admin; listening beyond this machine needs a token
-- token = ""

-- file with the token on its only line
-- token_file = ""

-- file with more tokens, a line for each: its scope (site or admin), its name, the token
-- tokens_file = ""

-- milliseconds that a token waits at the most to be looked at after wrong ones; 0: none does
-- token_wait_ms = 100

-- wrong tokens after which a connection is closed
-- token_failures = 20

-- seconds that a client may take to agree on TLS and to show its token, where these are needed
-- admit_seconds = 30

-- file with the certificate for tls: listeners and those between it and its root, PEM
-- tls_certificate = ""

-- file with the certificate's private key, PEM
-- tls_key = ""

-- Work and its limits ----------------------------------------------------------------------------------------

-- processes that answer; 0: one for each core
-- workers = 0

-- milliseconds that scripts may take for one decision
-- deadline_ms = 20

-- milliseconds in one script after which its worker is replaced
-- kill_after_ms = 1000

-- bytes that a worker's scripts may hold beyond the loaded site
-- script_memory = "8 MiB"

-- bytes that loading the site may take in a worker: for its Lua, and as many for what is kept of it
-- load_memory = "256 MiB"

-- bytes of remembered results of scripts in a worker; 0: every decision runs its scripts
-- memo_memory = "16 MiB"

-- bytes of remembered answers to requests that come again in a worker; 0: each is decided anew
-- answer_memory = "32 MiB"

-- bytes of the largest message
-- message_bytes = "256 KiB"

-- levels of nesting in a message
-- message_depth = 16

-- values in a message, all levels together
-- message_items = 4096

-- bytes of unread answers beyond which a client is not read from
-- output_bytes = "1 MiB"

-- seconds without progress after which a client that does not read its answers is dropped
-- reader_seconds = 10

-- seconds that a message may take from its first byte to its last
-- frame_seconds = 10

-- milliseconds that requests may stand before a worker refuses some; 0: none is ever refused
-- queue_ms = 5

-- milliseconds after which a request that still stands is refused
-- queue_most_ms = 100

-- milliseconds that a connection that is being closed waits for the client's end
-- linger_ms = 2000

-- Memory -----------------------------------------------------------------------------------------------------

-- events that wait to be written down together
-- batch_events = 64

-- milliseconds that an event waits for others at the most
-- batch_ms = 2

-- seconds that a decision holds limits and stock while its impression does not come
-- reserve_seconds = 300

-- days that the moments of a history are kept, or as long as the site's rules need; totals stay
-- history_days = 400

-- bytes of the log of decisions, 1 MiB or more, the oldest go first; 0: none is kept
-- log_bytes = "1 GiB"

-- days that decisions are kept in the log
-- log_days = 30

-- Running ----------------------------------------------------------------------------------------------------

-- seconds that open requests have to finish when the daemon stops
-- drain_seconds = 10

-- 1: workers reach no file and make no system call but those they need; 0: for debuggers
-- confine = 1

-- error, warning, notice, info or debug
-- log_level = "info"
