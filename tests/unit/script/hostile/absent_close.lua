-- ends: refused
-- to-be-closed variables
function f() local x <close> = nil end
