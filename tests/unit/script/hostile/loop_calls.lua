-- ends: overran
-- most of the time in library functions
function f() while true do math.floor(1.5) end end
