-- ends: refused
-- an iterator that remembers
local word = ('a b c'):gmatch('%a')
function f() return word() end
