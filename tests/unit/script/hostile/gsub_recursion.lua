-- ends: failed|exhausted|overran
-- a function that replaces by itself
local function again(c) return (c:gsub('.', again)) end
function f() return again('aaaaaaaaaa') end
