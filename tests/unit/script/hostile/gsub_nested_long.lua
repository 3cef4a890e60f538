-- ends: failed|overran
-- long unfinished texts in each other
local function nest(n) return (('a'):rep(50000) .. 'b'):gsub('b', function() return n > 0 and #nest(n - 1) or 'x' end) end
function f() return #nest(100) end
