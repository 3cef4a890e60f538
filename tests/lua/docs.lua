-- Prints the reference of the authoring language as Markdown: lua5.4 tests/lua/docs.lua

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path
require "support"
io.write(require("senda.describe").language())
