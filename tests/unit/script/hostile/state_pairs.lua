-- ends: refused
-- an iterator that remembers
local each = pairs({ 1, 2, 3 })
function f() return each() end
