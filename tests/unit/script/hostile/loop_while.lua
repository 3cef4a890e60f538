-- ends: overran
-- the simplest of all
function f() while true do end end
