-- ends: overran
-- a set as long as a text
function f() local set = '[' .. ('b'):rep(60000) .. ']' local s = ('a'):rep(60000) return s:find(set .. '+c') end
